// The patient's safety plan, in their own words: read at a glance, each person one tap away, written here.

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../lib/client.js";
import { Failure, html } from "../lib/frame.js";
import { api } from "../lib/session.js";
import { CONTACTS, planOf, textsOf, WORDS } from "./plan_lines.js";

/** @import { Contact, Plan } from "./plan_lines.js" */

/** The plan, or null while none was written. @returns {Promise<Plan | null>} */
export async function ownPlan() {
  try {
    return (await api.send("GET", "/v1/me/safety-plan")).body;
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 404) return null;
    throw failure;
  }
}

/** Read when it is drawn, so that it is there when the network is not. */
export function SafetyPlan() {
  const [plan, setPlan] = useState(/** @type {Plan | null} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const [writes, setWrites] = useState(false);
  useEffect(() => { ownPlan().then(setPlan, setFailure); }, []);
  if (writes) return html`<${Form} plan=${plan} done=${(/** @type {Plan | null} */ now) => { if (now) setPlan(now); setWrites(false); }} />`;
  return html`<section class="plan">
    <h3>My safety plan</h3>
    ${failure !== null && html`<${Failure} failure=${failure} />`}
    ${plan === null ? html`<p class="quiet">Nothing is written yet.</p>` : html`<${Written} plan=${plan} />`}
    <button type="button" onClick=${() => setWrites(true)}>${plan === null ? "Write it" : "Change it"}</button>
  </section>`;
}

/** @param {{plan: Plan}} given */
function Written({ plan }) {
  return html`<dl>
    ${CONTACTS.map(([key, name]) => plan[key].length > 0 && html`<div key=${key}><dt>${name}</dt>${plan[key].map((/** @type {Contact} */ one) => html`<dd key=${one.name}>${one.phone === null ? one.name : html`<a class="call" href=${`tel:${one.phone.replaceAll(" ", "")}`}><span>${one.name}</span><strong>${one.phone}</strong></a>`}</dd>`)}</div>`)}
    ${WORDS.map(([key, name]) => plan[key].length > 0 && html`<div key=${key}><dt>${name}</dt>${plan[key].map((/** @type {string} */ line) => html`<dd key=${line}>${line}</dd>`)}</div>`)}
  </dl>`;
}

/** @param {{plan: Plan | null, done: (now: Plan | null) => void}} given */
function Form({ plan, done }) {
  const [texts, setTexts] = useState(textsOf(plan));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const headers = /** @type {Record<string, string>} */ (plan === null ? {} : { "If-Match": `"r${plan.revision}"` });
      done((await api.send("PUT", "/v1/me/safety-plan", { body: planOf(texts), headers })).body);
    } catch (fault) {
      setFailure(fault); // what was typed stays
    }
  };
  return html`<form class="plan" onSubmit=${save}>
    <h3>My safety plan</h3>
    <p class="quiet small">One line for each. Your care team can read it; only you can change it.</p>
    ${[...WORDS, ...CONTACTS].map(([key, name]) => html`<label key=${key}>${name}${CONTACTS.some(([one]) => one === key) ? html` <span class="quiet small">name, phone</span>` : ""}
      <textarea rows="2" value=${texts[key]} onInput=${(/** @type {any} */ event) => setTexts({ ...texts, [key]: event.target.value })}></textarea></label>`)}
    ${failure !== null && html`<${Failure} failure=${failure} />`}
    <div class="choices"><button type="submit" class="main">Save the plan</button><button type="button" onClick=${() => done(null)}>Leave it as it was</button></div>
  </form>`;
}
