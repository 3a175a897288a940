// Help now: always one tap away, there without a network, and never a promise that somebody watches.

import { useRef } from "preact/hooks";
import { html } from "../lib/frame.js";
import { emergencyLine } from "./help_lines.js";
import { SafetyPlan } from "./plan.js";
import { CardBody } from "./safety_card.js";

/** @import { SafetyCard } from "../lib/types.js" */

/** The server's card, which knows the clinic's lines and hours; its own few words where there is none. @param {{country: string | null, card: SafetyCard | null}} given */
export function Help({ country, card }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  return html`<button type="button" class="help" onClick=${() => dialog.current?.showModal()}>Help now</button>
  <dialog ref=${dialog} class="help-card" aria-labelledby="help-title" lang=${card?.language}>
    ${card ? html`<${CardBody} ...${{ card, id: "help-title" }} /><${SafetyPlan} />` : html`<${FewWords} country=${country} />`}
    <button type="button" onClick=${() => dialog.current?.close()}>Close</button>
  </dialog>`;
}

/** @param {{country: string | null}} given */
function FewWords({ country }) {
  const line = emergencyLine(country ?? "");
  return html`
    <h2 id="help-title">If it is too much right now</h2>
    <p>You do not have to carry this alone. If you might act on thoughts of ending your life, or are in danger, call now.</p>
    ${line ? html`<a class="call" href=${`tel:${line.number}`}><span>Emergency</span><strong>${line.number}</strong></a>`
      : html`<p class="notice">Call the emergency number of the country you are in.</p>`}
    <p>To talk to somebody, find a helpline near you: <a href="https://findahelpline.com" rel="noreferrer">findahelpline.com</a></p>
    ${line && line.last_verified === null && html`<p class="notice warm small">Your clinic has not confirmed this number yet. In another country, use the number of that country.</p>`}
    <p class="quiet small">This app is not watched live. What you write here may be read days later.</p>
    `;
}
