// One patient, for their clinician: where they are since the last session, in numbers with their days.

import { dosesOf } from "../lib/chart.js";
import { clockTimeIn, counted, fullDay, plain, span } from "../lib/format.js";
import { Failure, Header, html, show, useAsked, Waiting } from "../lib/frame.js";
import { nextSession } from "../lib/next_session.js";
import { because } from "../lib/reasons.js";
import { api } from "../lib/session.js";
import { measureAsked, periodAsked } from "../lib/ways.js";
import { useAddress } from "./address.js";
import { Alerts } from "./alerts.js";
import { Charts } from "./charts.js";
import { courseWords, present } from "./course.js";
import { FiguresTable } from "./figures.js";
import { Notes } from "./notes.js";
import { PeriodPicker } from "./period.js";
import { SafetyAnswers } from "./safety_answers.js";
import { ScalesTable } from "./scales.js";
import { EffectsTable } from "./tables.js";
import { WindowSections } from "./window_sections.js";

/** @import { Booked, Trends } from "../lib/types.js" */
/** @import { Course } from "./course.js" */
/** @import { Windows } from "../lib/window_types.js" */

const PATH = `/v1${location.pathname}`;

async function whose() {
  const [me, patient, courses] = await Promise.all([
    api.send("GET", "/v1/me"), api.send("GET", PATH), api.send("GET", `${PATH}/courses?limit=200`),
  ]);
  document.title = `${patient.body.display_name} · Interlude`;
  return { me: me.body, patient: patient.body, courses: present(courses.body.items) };
}

/** @param {string} query */
async function numbers(query) {
  const { body } = await api.send("GET", `${PATH}/trends${query}`);
  return { trends: body, next: await nextSession(api, `${PATH}/sessions`, body.today) };
}

/** @param {string | null} measure @returns {Promise<Windows>} */
async function windowsBy(measure) {
  return (await api.send("GET", `${PATH}/windows${measure === null ? "" : `?measure=${measure}`}`)).body;
}

function Page() {
  const [search, choose] = useAddress();
  const [period, measure] = [periodAsked(search), measureAsked(search)];
  const who = useAsked(whose, []);
  const days = useAsked(() => numbers(period), [period]);
  const windows = useAsked(() => windowsBy(measure), [measure]);
  const failure = who.failure ?? days.failure;
  const again = who.failure ? who.again : days.again;
  /** @type {Trends | undefined} */
  const trends = days.found?.trends;
  return html`<${Header} place="/patients" who=${who.found?.me.display_name}><a href="/patients">Patients</a><//>
    <main class="desk">
      ${who.found && html`<${Top} patient=${who.found.patient} courses=${who.found.courses} trends=${trends} next=${days.found?.next ?? null} />`}
      ${who.found && html`<${Alerts} path=${`${PATH}/alerts`} />`}
      ${who.found && html`<${WindowSections} ...${windows} measures=${trends?.measures ?? []} path=${PATH} choose=${choose} />`}
      ${failure && html`<${Failure} ...${{ failure, again }} />`}
      ${trends && who.found && html`<${PeriodPicker} key=${trends.from + trends.to} ...${trends} choose=${choose} />`}
      ${!failure && (days.asking || who.asking) && html`<${Waiting} />`}
      ${trends && who.found && html`<${Numbers} trends=${trends} />`}
    </main>`;
}

/** @param {{patient: any, courses: Course[], trends: Trends | undefined, next: Booked | null}} given */
function Top({ patient, courses, trends, next }) {
  const last = trends?.last_session;
  return html`<div class="top">
    <div><h1>${patient.display_name}</h1>
      <p class="quiet">born ${fullDay(patient.birth_date)}${patient.mrn && ` · ${patient.mrn}`}</p>
      ${courses.map((course) => html`<p key=${course.id} class="course">${courseWords(course)}</p>`)}</div>
    ${trends && html`<dl class="facts">
      <div><dt>${trends.to === trends.today ? "Today" : fullDay(trends.to)}</dt><dd>${last ? `Day ${last.day_offset}` : "–"}</dd></div>
      <div><dt>Last session</dt><dd>${last ? fullDay(last.date) : "none yet"} ${last && html`<span class="quiet">${plain(dosesOf(last))}</span>`}</dd></div>
      <div><dt>Next session</dt><dd>${next ? fullDay(next.date) : "none booked"} ${next?.scheduled_at && html`<span class="quiet">${clockTimeIn(next.scheduled_at, next.timezone)}</span>`}</dd></div>
    </dl>`}
  </div>`;
}

/** @param {{trends: Trends}} given */
function Numbers({ trends }) {
  const since = trends.measures[0]?.since_session;
  const counts = since?.from && since.to;
  const reason = since?.mean.reason;
  return html`
    <section class="card">
      <h2>Since the last session ${counts && html`<span class="quiet small">${span(/** @type {string} */ (since.from), /** @type {string} */ (since.to))}, without the session's own day</span>`}</h2>
      ${counts ? html`<${FiguresTable} trends=${trends} which="since_session" />` : html`<p class="quiet">Nothing to count from: ${because(reason ?? "no_session")}.</p>`}
    </section>
    <${SafetyAnswers} trends=${trends} path=${PATH} />
    <${ScalesTable} trends=${trends} />
    <${Notes} trends=${trends} path=${PATH} />
    <${Charts} trends=${trends} path=${PATH} />
    <section class="card">
      <h2>The whole period <span class="quiet small">${span(trends.from, trends.to)}</span></h2>
      <${FiguresTable} trends=${trends} which="period" />
      <${BaselineWords} trends=${trends} />
    </section>
    <div class="pair">
      ${counts && html`<${EffectsTable} title="Side effects since the last session" effects=${trends.side_effects.since_session} />`}
      <${EffectsTable} title="Side effects in the period" effects=${trends.side_effects.period} />
    </div>`;
}

/** @param {{trends: Trends}} given */
function BaselineWords({ trends }) {
  const { source, from, to, reason } = trends.baseline;
  const told = from && to
    ? `Baseline: ${source === "imported" ? "imported days" : "the days before the course's first session"}, ${span(from, to)}.`
    : `No baseline: ${because(reason ?? "no_baseline")}.`;
  return html`<p class="quiet small">${told} Times in ${trends.timezone}. Each number opens how it was made. ${counted(trends.sessions.length, "session")} in the period.</p>`;
}

show(Page);
