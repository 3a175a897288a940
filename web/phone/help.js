// Help now: always one tap away, there without a network, and never a promise that somebody watches.

import { useRef } from "preact/hooks";
import { html } from "../lib/frame.js";
import { emergencyLine } from "./help_lines.js";
import { SafetyPlan } from "./plan.js";
import { CardBody, closeWord } from "./safety_card.js";

/** @import { SafetyCard } from "../lib/types.js" */

// What stands here where the server's card could not be read; docs/sign-off.md lists it.
const EN = {
  title: "If it is too much right now",
  call: "You do not have to carry this alone. If you might act on thoughts of ending your life, or are in danger, call now.",
  emergency: "Emergency",
  not_confirmed: "not confirmed by your clinic yet",
  no_number: "Call the emergency number of the country you are in.",
  search: "To talk to somebody, find a helpline near you:",
  elsewhere: "In another country, use the number of that country.",
  not_live: "This app is not watched live. What you write here may be read days later.",
};
/** @type {typeof EN} */
const DE = {
  title: "Wenn es gerade zu viel ist",
  call: "Sie müssen das nicht allein tragen. Wenn Sie Gedanken, Ihr Leben zu beenden, nachgeben könnten oder in Gefahr sind, rufen Sie jetzt an.",
  emergency: "Notruf",
  not_confirmed: "von Ihrer Praxis noch nicht bestätigt",
  no_number: "Wählen Sie den Notruf des Landes, in dem Sie sind.",
  search: "Um mit jemandem zu sprechen, finden Sie hier ein Hilfetelefon in Ihrer Nähe:",
  elsewhere: "In einem anderen Land gilt die Nummer dieses Landes.",
  not_live: "Diese App wird nicht laufend gelesen. Was Sie hier schreiben, wird vielleicht erst nach Tagen gelesen.",
};

/** The server's card, which knows the clinic's lines and hours; its own few words where there is none. @param {{country: string | null, language?: string, card: SafetyCard | null}} given */
export function Help({ country, language = navigator.language, card }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const spoken = card?.language ?? (/^de\b/i.test(language) ? "de" : "en");
  return html`<button type="button" class="help" onClick=${() => dialog.current?.showModal()}>Help now</button>
  <dialog ref=${dialog} class="help-card" aria-labelledby="help-title" lang=${spoken}>
    ${card ? html`<${CardBody} ...${{ card, id: "help-title" }} /><${SafetyPlan} />` : html`<${FewWords} country=${country} say=${spoken === "de" ? DE : EN} />`}
    <button type="button" onClick=${() => dialog.current?.close()}>${closeWord(spoken)}</button>
  </dialog>`;
}

/** @param {{country: string | null, say: typeof EN}} given */
function FewWords({ country, say }) {
  const line = emergencyLine(country ?? "");
  return html`
    <h2 id="help-title">${say.title}</h2>
    <p>${say.call}</p>
    ${line ? html`<a class="call" href=${`tel:${line.number}`}><span>${say.emergency}</span><strong>${line.number}</strong>${line.last_verified === null && html`<span class="unsure">${say.not_confirmed}</span>`}</a>`
      : html`<p class="notice">${say.no_number}</p>`}
    <p>${say.search} <a href="https://findahelpline.com" rel="noreferrer">findahelpline.com</a></p>
    ${line && html`<p class="notice warm small">${say.elsewhere}</p>`}
    <p class="quiet small">${say.not_live}</p>
    `;
}
