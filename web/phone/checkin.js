// The patient's page: one day's check-in, saved or honestly not, and the days before it.

import { LoggedOut } from "../lib/client.js";
import { addDays, clockTime, counted, daysBetween, shortDay, weekday } from "../lib/format.js";
import { Failure, Header, html, inWords, show, useAsked, Waiting } from "../lib/frame.js";
import { api, logOut } from "../lib/session.js";
import { Conflict } from "./conflict.js";
import { DayForm } from "./day.js";
import { useDays } from "./days.js";
import { Help } from "./help.js";
import { OwnDays } from "./own_days.js";
import { Card } from "./safety_card.js";
import { storedDays } from "./store.js";

/** @import { Asked, Checkin, Me, SafetyCard } from "../lib/types.js" */
/** @import { Trouble } from "./days.js" */

async function begin() {
  const [asked, me, help] = await Promise.all([
    api.send("GET", "/v1/measures"), api.send("GET", "/v1/me"),
    api.send("GET", "/v1/me/safety").catch(() => null), // without it the card has its own few words
  ]);
  const days = await storedDays(api, asked.body.earliest_date, asked.body.date);
  return { asked: asked.body, me: me.body, help: help?.body ?? null, days };
}

function Page() {
  const { found, failure, again } = useAsked(begin, []);
  return html`<${Header} place="/checkin"><${Help} country=${found?.me.country ?? null} language=${found?.me.language} card=${found?.help ?? null} /><//>
    <main class="phone">
      ${found ? html`<${Days} ...${found} />` : failure ? html`<${Failure} ...${{ failure, again }} />` : html`<${Waiting} />`}
    </main>`;
}

/** @param {{asked: Asked, me: Me, days: Record<string, Checkin>, help: SafetyCard | null}} given */
function Days({ asked, me, days, help }) {
  const { card, closeCard, date, turnTo, stored, answers, trouble, touched, change, save, keepMine, keepStored } = useDays({ asked, me, days, help });
  const day = stored[date] ?? null;
  return html`
    <${DayChoice} ...${{ asked, date, turnTo, stored }} />
    ${card && html`<${Card} ...${{ card, close: closeCard }} />`}
    ${trouble?.kind === "conflict" && html`<${Conflict} mine=${answers} current=${trouble.current}
      asked=${asked} keepMine=${() => keepMine(trouble.current)} keepStored=${() => keepStored(trouble.current)} />`}
    <${DayForm} key=${date} who=${me.id} asked=${asked} answers=${answers} change=${change}
      before=${stored[addDays(date, -1)]?.side_effects ?? null} />
    <${Saving} ...${{ trouble, day, touched }} today=${asked.date} save=${() => save(day)} />
    <${OwnDays} version=${`${date}-r${day?.revision ?? 0}`} />
    <p class="end"><span class="quiet small">${me.display_name}, ${me.clinic.name}</span>
      <button type="button" class="plain" onClick=${logOut}>Log out</button></p>`;
}

/** @param {{asked: Asked, date: string, turnTo: (date: string) => void, stored: Record<string, Checkin>}} given */
function DayChoice({ asked, date, turnTo, stored }) {
  const back = daysBetween(date, asked.date);
  const name = back === 0 ? "Today" : back === 1 ? "Yesterday" : `${counted(back, "day")} ago`;
  const isLogged = stored[date] !== undefined && !stored[date].deleted;
  return html`<nav class="day-choice" aria-label="Which day">
    <button type="button" class="turn" disabled=${date <= asked.earliest_date} onClick=${() => turnTo(addDays(date, -1))} aria-label="The day before">‹</button>
    <h1>${name} <small>${weekday(date)}${isLogged ? "" : " · not logged"}</small></h1>
    <button type="button" class="turn" disabled=${date >= asked.date} onClick=${() => turnTo(addDays(date, 1))} aria-label="The day after">›</button>
  </nav>`;
}

/** What is saved and what is not. @param {{trouble: Trouble | null, day: Checkin | null, touched: boolean, today: string, save: () => void}} given */
function Saving({ trouble, day, touched, today, save }) {
  const failed = trouble?.kind === "failed";
  const isWaiting = trouble?.kind === "saving" || trouble?.kind === "conflict";
  const isDone = !touched && day !== null && !failed;
  return html`<div class="saving">
    ${failed && html`<${NotSaved} failure=${trouble.failure} />`}
    ${trouble?.kind === "incomplete" && html`<p class="notice warm" role="alert">${trouble.told}</p>`}
    <div class="saving-row">
      <p role="status" class="state">${state(trouble, day, touched, today)}</p>
      <button type="button" class="main" disabled=${isWaiting || isDone} onClick=${save}>${failed ? "Try again" : "Save"}</button>
    </div>
  </div>`;
}

/** @param {{failure: unknown}} given */
function NotSaved({ failure }) {
  const isOut = failure instanceof LoggedOut;
  return html`<div class="notice bad" role="alert">
    <p><strong>Not saved.</strong> ${isOut ? "Your login has ended." : inWords(failure)} Your answers are still on this page.</p>
    ${isOut && html`<p><a href="/" target="_blank">Log in in a new tab</a>, then try again here.</p>`}
  </div>`;
}

/** @param {Trouble | null} trouble @param {Checkin | null} day @param {boolean} touched @param {string} today */
function state(trouble, day, touched, today) {
  if (trouble?.kind === "saving") return "Saving …";
  if (touched) return "Not saved yet";
  if (day === null || day.deleted) return "Nothing logged yet";
  const [on, at] = [day.received_at.slice(0, 10), clockTime(day.received_at)];
  const by = day.source === "staff" ? " by your clinic" : "";
  return on === today ? `Saved ${at}${by}` : `Saved ${shortDay(on)}, ${at}${by}`;
}

show(Page);
