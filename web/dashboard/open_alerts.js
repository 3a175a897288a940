// The alerts somebody is to look at without treating the patient: a stand-in's first page.

import { Failure, Header, html, show, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";
import { homeOf } from "../lib/ways.js";
import { Alerts } from "./alerts.js";

/** @import { Member } from "./alert_people.js" */

/** @param {string} path @returns {Promise<any[]>} */
async function every(path) {
  const found = [];
  let next = "";
  do {
    const { body } = await api.send("GET", `${path}?limit=200${next && `&cursor=${encodeURIComponent(next)}`}`);
    found.push(...body.items);
    next = body.next ?? "";
  } while (next);
  return found;
}

/** Who looks; of an admin everybody an alert can be given to, of a clinician the patients they treat. */
async function who() {
  const { body: me } = await api.send("GET", "/v1/me");
  const isAdmin = me.role === "admin";
  const found = await every(isAdmin ? "/v1/staff" : "/v1/patients");
  /** @type {Member[]} */
  const staff = isAdmin ? found.filter(({ role, disabled_at }) => disabled_at === null && role !== "front_desk") : [];
  const treated = new Set(isAdmin ? [] : found.map(({ id }) => id));
  /** @param {string} id */
  const treats = (id) => treated.has(id);
  return { me, may: { open: treats, staff } };
}

function Page() {
  const { found, failure, again } = useAsked(who, []);
  return html`<${Header} place=${found ? homeOf(found.me.role) : "/"} who=${found?.me.display_name} />
    <main class="desk narrow">
      <h1>Alerts</h1>
      <p class="quiet">You see what was given to you, what nobody has taken on in time and so has come to the administration, and everything where the clinic has named you as the one who looks. You see the alert, what it rests on and how to reach the patient, no more of them.</p>
      ${found ? html`<${Alerts} path="/v1/alerts" named=${true} always=${true} may=${found.may} />` : failure ? html`<${Failure} failure=${failure} again=${again} />` : html`<${Waiting} />`}
    </main>`;
}

show(Page);
