// What opens behind a number: how it was made, of how many days, and where its points are.

import { useRef, useState } from "preact/hooks";
import { between, counted, number, span } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { whyAbsent } from "../lib/reasons.js";
import { thresholdName, thresholdValue } from "../lib/thresholds.js";

/** @import { Summary } from "../lib/types.js" */
/** What a document says of how its numbers are made. @typedef {{thresholds: Record<string, unknown>, method_version: string}} Methods */
/**
 * @typedef {object} Explained
 * @property {string} name
 * @property {string} about
 * @property {string} how
 * @property {string} value as it stands in the table
 * @property {string} [unit]
 * @property {Summary} [summary]
 * @property {string} [interval] what the interval covers, where it is not the confidence of the thresholds
 * @property {string[]} thresholds the names of those that bear on it
 * @property {string | null} [from]
 * @property {string | null} [to]
 * @property {[string, string][]} [more]
 * @property {string} points where they are on the page
 */
/** @typedef {(what: Explained) => void} Open */

/** A dialog for the numbers of one section, and how to open it. @param {Methods} methods @param {string} id @returns {{open: Open, dialog: any}} */
export function useFormula(methods, id) {
  const [opened, setOpened] = useState(/** @type {Explained | null} */ (null));
  const place = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const close = () => place.current?.close();
  const dialog = html`<dialog ref=${place} class="formula" aria-labelledby=${`formula-${id}`}>
    ${opened && html`<${Formula} ...${opened} methods=${methods} close=${close} id=${`formula-${id}`} />`}
    <button type="button" onClick=${close}>Close</button>
  </dialog>`;
  return { open: (what) => { setOpened(what); place.current?.showModal(); }, dialog };
}

/** @param {Explained & {methods: Methods, id: string, close: () => void}} given */
function Formula({ name, about, how, value, unit, summary, interval, thresholds, from, to, more, points, methods, id, close }) {
  const used = thresholds.filter((key) => key in methods.thresholds);
  const exact = summary === undefined ? value : summary.value === null ? `– ${whyAbsent(summary)}` : `${number(summary.value, 4)}${unit ?? ""}`;
  return html`<h2 id=${id}>${name}: ${about}</h2>
    <p class="value">${exact}</p>
    <p>${how}</p>
    <dl>
      ${summary?.interval && html`<${Line} name=${interval ?? `${number(100 * Number(methods.thresholds.confidence ?? 0.95))} % interval`} value=${between(summary.interval, number, 4)} />`}
      ${from && to && html`<${Line} name="Period" value=${span(from, to)} />`}
      ${summary && html`<${Line} name="Logged" value=${`${summary.n_observed} of ${counted(summary.n_expected, "day")}`} />`}
      ${summary && summary.longest_gap_days !== null && html`<${Line} name="Longest gap" value=${counted(summary.longest_gap_days, "day")} />`}
      ${(more ?? []).map(([key, told]) => html`<${Line} key=${key} name=${key} value=${told} />`)}
      ${used.map((key) => html`<${Line} key=${key} name=${thresholdName(key)} value=${thresholdValue(key, methods.thresholds[key])} />`)}
      <${Line} name="Method" value=${methods.method_version} />
    </dl>
    <p><a href=${points} onClick=${close}>Its points</a></p>`;
}

/** @param {{name: string, value: string}} given */
const Line = ({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** A number in a table that opens what is behind it. @param {{what: Explained, open: Open, children?: any}} given */
export function Figure({ what, open, children }) {
  const reason = what.summary?.reason ? whyAbsent(what.summary) : null;
  return html`<button type="button" class="figure" onClick=${() => open(what)}
      aria-label=${`${what.name}, ${what.about}: ${reason ?? what.value}`}>${what.value}</button>
    ${children}${reason && html`<span class="under">${reason}</span>`}`;
}
