// What a human has to look at: each alert with its rule, how long it waits, and what to do about it.

import { useState } from "preact/hooks";
import { LoggedOut, Problem } from "../lib/client.js";
import { clockTime, counted, fullDay, plain } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { api, goAndLogIn } from "../lib/session.js";
import { AlertHistory } from "./alert_history.js";
import { GiveTo, Reach } from "./alert_people.js";

/** @import { May } from "./alert_people.js" */

/** @typedef {{id: string, patient_id: string, display_name: string, rule: string, because: {words: string, source: string}, severity: string, is_open: boolean, opened_at: string, last_raised_at: string, due_at: string, escalation: number, acknowledged_at: string | null, assigned_to: string | null, revision: number}} Alert */
/** @typedef {(path: string, body?: unknown) => Promise<boolean>} Act */

const RESULTS = ["reached", "message_left", "not_reached"];
const OUTCOMES = ["reached", "safety_plan", "emergency_referral", "not_reached", "no_action_needed", "entered_in_error"];

/** @param {string} path @returns {Promise<Alert[]>} */
async function open(path) {
  /** @type {Alert[]} */
  const alerts = [];
  let next = "";
  do {
    const { body } = await api.send("GET", `${path}?limit=200${next && `&cursor=${encodeURIComponent(next)}`}`);
    alerts.push(...body.items);
    next = body.next ?? "";
  } while (next);
  return alerts;
}

/** On the page of a patient whom the reader treats. @type {May} */
const TREATED = { open: () => false, staff: [] };

/** The open alerts of a clinic or of one patient. @param {{path: string, named?: boolean, always?: boolean, may?: May}} given */
export function Alerts({ path, named = false, always = !named, may = TREATED }) {
  const { found, failure, again } = useAsked(() => open(path), [path]);
  /** @type {Alert[] | undefined} */
  const alerts = found;
  if (alerts?.length === 0) return !always ? null : html`<section class="card alerts" id="alerts"><h2>Alerts</h2><p class="quiet">None is open.</p></section>`;
  return html`<section class="card alerts" id="alerts">
    <h2>Alerts ${alerts && html`<span class="quiet small">${counted(alerts.length, "open alert")}, what nobody has taken on first</span>`}</h2>
    ${failure ? html`<${Failure} ...${{ failure, again }} />` : !alerts && html`<${Waiting} label="Reading the alerts" />`}
    ${alerts && html`<ul>${alerts.map((alert) => html`<${One} key=${alert.id} ...${{ alert, named, may, again }} />`)}</ul>`}
  </section>`;
}

/** @param {{alert: Alert, named: boolean, may: May, again: () => void}} given */
function One({ alert, named, may, again }) {
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  // No If-Match: looking at the history is noted too and moves the revision; that two take one alert
  // on, or close what has something new in it, the server refuses by itself.
  /** @type {Act} */
  const act = async (path, body) => {
    setBusy(true);
    setFailure(null);
    try {
      await api.send("POST", `/v1/alerts/${alert.id}/${path}`, { body, headers: { "Idempotency-Key": crypto.randomUUID() } });
      again();
      return true;
    } catch (fault) {
      if (fault instanceof LoggedOut) goAndLogIn();
      setFailure(fault);
      // Somebody else was first: what is shown is no longer so.
      if (fault instanceof Problem && [409, 412].includes(fault.status)) again();
      return false;
    } finally {
      setBusy(false);
    }
  };
  const { severity, because, opened_at, acknowledged_at, assigned_to, patient_id, display_name } = alert;
  const holder = may.staff.find(({ id }) => id === assigned_to)?.display_name;
  return html`<li data-alert=${alert.id} data-severity=${severity}>
    <p><strong class="severity-word">${severity}</strong> ${named && html`${may.open(patient_id) ? html`<a href=${`/patients/${patient_id}`}>${display_name}</a>` : html`<b>${display_name}</b>`} · `}${because.words}</p>
    <p class="quiet small">${alert.rule}, raised ${moment(opened_at)}${alert.last_raised_at === opened_at ? "" : `, again ${moment(alert.last_raised_at)}`}; ${acknowledged_at ? `taken on ${moment(acknowledged_at)}` : `nobody has taken it on, due ${moment(alert.due_at)}`}${alert.escalation ? `; passed on ${counted(alert.escalation, "time")}` : ""}${holder ? `; given to ${holder}` : ""}. Source: ${because.source.replace(/\.$/, "")}.</p>
    ${failure !== null && html`<${Failure} failure=${failure} />`}
    <div class="choices">
      ${acknowledged_at === null && html`<button type="button" class="main" disabled=${busy} onClick=${() => act("acknowledge")}>I take this on</button>`}
      ${acknowledged_at !== null && html`<${Choice} label="Tried to reach the patient" codes=${RESULTS} disabled=${busy} choose=${(/** @type {string} */ result, /** @type {string | null} */ note) => act("contact", { result, note })} />
        <${Choice} label="Close it" codes=${OUTCOMES} disabled=${busy} choose=${(/** @type {string} */ outcome, /** @type {string | null} */ note) => act("resolve", { outcome, note })} />`}
      ${may.staff.length > 0 && html`<${GiveTo} key=${assigned_to} staff=${may.staff} assigned=${assigned_to} disabled=${busy} choose=${(/** @type {string} */ id) => act("assign", { membership_id: id })} />`}
    </div>
    <${Reach} alert=${alert.id} />
    <${AlertHistory} id=${alert.id} revision=${alert.revision} />
  </li>`;
}

/** One of several codes, chosen and then done. @param {{label: string, codes: string[], disabled: boolean, choose: (code: string, note: string | null) => void}} given */
function Choice({ label, codes, disabled, choose }) {
  const [code, setCode] = useState("");
  const [note, setNote] = useState("");
  return html`<form class="choice" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (code) choose(code, note.trim() || null); }}>
    <label>${label}
      <select value=${code} onChange=${(/** @type {any} */ event) => setCode(event.target.value)}>
        <option value="">choose …</option>
        ${codes.map((one) => html`<option key=${one} value=${one}>${plain(one)}</option>`)}
      </select></label>
    <input type="text" maxlength="4000" placeholder="a note" aria-label="A note for the record" value=${note} onInput=${(/** @type {any} */ event) => setNote(event.target.value)} />
    <button type="submit" disabled=${disabled || code === ""}>Note it</button>
  </form>`;
}

/** @param {string} at */
export const moment = (at) => `${fullDay(at.slice(0, 10))}, ${clockTime(at)}`;
