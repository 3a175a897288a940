// The people of an alert: to whom it is given, and how the patient is reached.

import { useState } from "preact/hooks";
import { plain } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";

/** @typedef {{id: string, display_name: string, role: string}} Member */
/** What the reader may do with alerts: `open` a patient's page, give it to `staff`. @typedef {{open: (id: string) => boolean, staff: Member[]}} May */

/** @param {{staff: Member[], assigned: string | null, disabled: boolean, choose: (id: string) => void}} given */
export function GiveTo({ staff, assigned, disabled, choose }) {
  const [chosen, setChosen] = useState("");
  const others = staff.filter(({ id }) => id !== assigned);
  return html`<form class="choice" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (chosen) choose(chosen); }}>
    <label>Give it to
      <select value=${chosen} onChange=${(/** @type {any} */ event) => setChosen(event.target.value)}>
        <option value="">choose …</option>
        ${others.map(({ id, display_name, role }) => html`<option key=${id} value=${id}>${display_name}, ${plain(role)}</option>`)}
      </select></label>
    <button type="submit" disabled=${disabled || chosen === ""}>Give it</button>
  </form>`;
}

/** Read when somebody opens it: it is noted who looked. @param {{alert: string}} given */
export function Reach({ alert }) {
  const [opened, setOpened] = useState(false);
  return html`<details onToggle=${(/** @type {any} */ event) => setOpened(event.target.open)}>
    <summary>How to reach the patient</summary>
    ${opened && html`<${Contact} alert=${alert} />`}
  </details>`;
}

/** @param {{alert: string}} given */
function Contact({ alert }) {
  const { found, failure, again } = useAsked(async () => (await api.send("GET", `/v1/alerts/${alert}/reach`)).body, [alert]);
  if (!found) return failure ? html`<${Failure} ...${{ failure, again }} />` : html`<${Waiting} label="Reading" />`;
  const { phone, email, language, emergency_contact } = found;
  return html`<dl class="lines reach">
    <div><dt>Phone</dt><dd>${phone ? html`<a href=${`tel:${phone.replaceAll(" ", "")}`}>${phone}</a>` : "none on record"}</dd></div>
    <div><dt>E-mail</dt><dd>${email ?? "none on record"}</dd></div>
    <div><dt>Language</dt><dd>${language}</dd></div>
    <div><dt>In an emergency</dt><dd>${emergency_contact ? `${emergency_contact.name}${emergency_contact.relation ? `, ${emergency_contact.relation}` : ""}${emergency_contact.phone ? `, ${emergency_contact.phone}` : ""}` : "nobody on record"}</dd></div>
  </dl>`;
}
