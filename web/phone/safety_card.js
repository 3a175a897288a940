// The calm card after a safety answer: the server's words in its order, whom to call, who looks when.

import { useEffect, useRef } from "preact/hooks";
import { html } from "../lib/frame.js";

/** @import { CrisisLine, SafetyCard } from "../lib/types.js" */

const HOW = { emergency: "tel:", call: "tel:", text: "sms:", web: "https://" };

/** @param {string | undefined} language */
export const closeWord = (language) => (language === "de" ? "Schließen" : "Close");

/** It opens above the answers and takes the focus; closing it is the person's own choice. @param {{card: SafetyCard, close: () => void}} given */
export function Card({ card, close }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    place.current?.scrollIntoView({ block: "start" });
    place.current?.focus({ preventScroll: true });
  }, [card]);
  return html`<section class="card safety-card" role="alert" lang=${card.language} tabindex="-1" ref=${place}>
    <${CardBody} ...${{ card }} />
    <button type="button" onClick=${close}>${closeWord(card.language)}</button>
  </section>`;
}

/** @param {{card: SafetyCard, id?: string}} given */
export function CardBody({ card, id }) {
  return html`<h2 id=${id}>${card.title}</h2>
    ${card.texts.map((text) => html`<p key=${text}>${text}</p>`)}
    ${card.lines.filter(({ kind }) => kind === "emergency").map((line) => html`<${Line} key=${line.number} line=${line} />`)}
    <p>${card.lines_text}</p>
    ${card.lines.filter(({ kind }) => kind !== "emergency").map((line) => html`<${Line} key=${line.number} line=${line} />`)}
    <p class="notice">${card.review}</p>
    ${card.notes.map((note) => html`<p key=${note} class="quiet small">${note}</p>`)}`;
}

/** One tap to reach somebody. @param {{line: CrisisLine}} given */
function Line({ line: { kind, name, number, note } }) {
  if (kind === "web") return html`<p>${name} <a href=${HOW.web + number} rel="noreferrer">${number}</a></p>`;
  return html`<a class="call" href=${HOW[kind] + number.replaceAll(" ", "")} rel="noreferrer"><span>${name ?? ""}</span><strong>${number}</strong>${note && html`<span class="unsure">${note}</span>`}</a>`;
}
