// What an alert rests on and all that was done about it, read when somebody opens it.

import { useState } from "preact/hooks";
import { clockTime, fullDay, plain } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";

/** @typedef {{number: number, kind: string, at: string, rule: string | null, severity: string | null, evidence: Record<string, any> | null, outcome: string | null, note: string | null}} Event */

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
    <p><strong>${plain(event.kind)}</strong>${event.rule ? ` by ${event.rule}, ${event.severity}` : ""}${event.outcome ? `: ${plain(event.outcome)}` : ""} <span class="quiet small">${fullDay(event.at.slice(0, 10))}, ${clockTime(event.at)}</span></p>
    ${event.evidence && html`<p class="small">${told(event.evidence)}</p>`}
    ${event.note && html`<p class="small">${event.note}</p>`}
  </li>`)}</ol>`;
}

/** The item that fired, name by name. @param {Record<string, any>} evidence */
function told(evidence) {
  return Object.entries(evidence)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${plain(name)}: ${typeof value === "string" ? plain(value) : value}`)
    .join(" · ");
}
