// What an alert rests on and all that was done about it, read when somebody opens it.

import { useState } from "preact/hooks";
import { clockTime, fullDay, plain } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";

/** @typedef {{number: number, kind: string, at: string, actor_name: string | null, rule: string | null, severity: string | null, evidence: Record<string, any> | null, outcome: string | null, note: string | null}} Event */

/** @param {{id: string, revision: number}} given */
export function AlertHistory({ id, revision }) {
  const [opened, setOpened] = useState(false);
  return html`<details onToggle=${(/** @type {any} */ event) => setOpened(event.target.open)}>
    <summary>What it rests on, and what was done</summary>
    ${opened && html`<${Events} ...${{ id, revision }} />`}
  </details>`;
}

/** Looking is noted: whoever opens this has seen it. @param {string} id @returns {Promise<Event[]>} */
const look = async (id) => (await api.send("POST", `/v1/alerts/${id}/seen`)).body.events;

/** @param {{id: string, revision: number}} given */
function Events({ id, revision }) {
  const { found, failure, again } = useAsked(() => look(id), [id, revision]);
  /** @type {Event[] | undefined} */
  const events = found;
  if (!events) return failure ? html`<${Failure} ...${{ failure, again }} />` : html`<${Waiting} label="Reading" />`;
  return html`<ol class="events">${events.map((event) => html`<li key=${event.number}>
    <p><strong>${plain(event.kind)}</strong>${event.rule ? ` by ${event.rule}${event.severity ? `, ${event.severity}` : ""}` : ""}${event.outcome ? `: ${plain(event.outcome)}` : ""} <span class="quiet small">${fullDay(event.at.slice(0, 10))}, ${clockTime(event.at)}${event.actor_name ? `, ${event.actor_name}` : ""}</span></p>
    ${event.evidence && html`<p class="small">${told(event.evidence)}</p>`}
    ${event.note && html`<p class="small">${event.note}</p>`}
  </li>`)}</ol>`;
}

/** The item that fired, name by name; what was left out is said to be. @param {Record<string, any>} evidence */
function told(evidence) {
  return Object.entries(evidence)
    .filter(([name, value]) => !name.endsWith("_id") && !(name === "outcome" && value === "create"))
    .map(([name, value]) => `${plain(name)}: ${worded(value)}`)
    .join(" · ");
}

/** @param {any} value @returns {string} */
function worded(value) {
  if (value === null) return "not answered";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(worded).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([name, one]) => `${plain(name)} ${worded(one)}`).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" && !/^\d{4}-/.test(value) ? plain(value) : String(value);
}
