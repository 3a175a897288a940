// The clinician's own patients by name, with a search as one types.

import { useState } from "preact/hooks";
import { fullDay } from "../lib/format.js";
import { Failure, Header, html, show, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";
import { Alerts } from "./alerts.js";

/** @typedef {{id: string, display_name: string, birth_date: string, mrn: string | null}} Patient */

async function everybody() {
  const me = await api.send("GET", "/v1/me");
  /** @type {Patient[]} */
  const patients = [];
  let next = "";
  do {
    const cursor = next && `&cursor=${encodeURIComponent(next)}`;
    const { body } = await api.send("GET", `/v1/patients?limit=200${cursor}`);
    patients.push(...body.items);
    next = body.next ?? "";
  } while (next);
  const treated = new Set(patients.map(({ id }) => id));
  /** @param {string} id */
  const treats = (id) => treated.has(id);
  return { me: me.body, patients, may: { open: treats, staff: [] } };
}

function Page() {
  const { found, failure, again } = useAsked(everybody, []);
  return html`<${Header} place="/patients" who=${found?.me.display_name} />
    <main class="desk narrow">
      <h1>Patients</h1>
      ${found && html`<${Alerts} path="/v1/alerts" named=${true} may=${found.may} />`}
      ${found ? html`<${List} patients=${found.patients} />` : failure ? html`<${Failure} ...${{ failure, again }} />` : html`<${Waiting} />`}
    </main>`;
}

/** @param {{patients: Patient[]}} given */
function List({ patients }) {
  const [sought, setSought] = useState("");
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = patients.filter(({ display_name, mrn }) => {
    const known = `${display_name} ${mrn ?? ""}`.toLowerCase();
    return words.every((word) => known.includes(word));
  });
  return html`<label class="search"><span class="unseen">Search by name or number</span>
      <input type="search" placeholder="Search by name or number" value=${sought} onInput=${(/** @type {any} */ event) => setSought(event.target.value)} /></label>
    <p class="unseen" role="status">${fitting.length} of ${patients.length} patients</p>
    ${patients.length === 0 && html`<p class="card">You treat nobody yet. A patient appears here once you are on their care team.</p>`}
    ${patients.length > 0 && fitting.length === 0 && html`<p class="card">Nobody by that name or number.</p>`}
    <ul class="people">${fitting.map(({ id, display_name, birth_date, mrn }) => html`<li key=${id}>
      <a href=${`/patients/${id}`}><strong>${display_name}</strong><span class="quiet">born ${fullDay(birth_date)}${mrn && ` · ${mrn}`}</span></a>
    </li>`)}</ul>`;
}

show(Page);
