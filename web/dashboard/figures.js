// The table of numbers, and what opens behind each: how it was made, of how many days.

import { useRef, useState } from "preact/hooks";
import { between, counted, fixed, number, plain, signed, span } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { because, FIGURES } from "./words.js";

/** @import { Figures, Summary, Trend, Trends } from "../lib/types.js" */
/** @import { FigureWords } from "./words.js" */
/** @typedef {{figure: FigureWords, trend: Trend, figures: Figures, summary: Summary}} Opened */

const DIFFERENCES = ["slope_per_week", "change_to_previous", "change_to_baseline"];

/** @param {string} key */
const digitsOf = (key) => (key === "slope_per_week" ? 2 : 1);

/** A figure's value as it stands in the table. @param {string} key @param {Summary} summary */
export function shownValue(key, summary) {
  if (key === "coverage") return `${summary.n_observed}/${summary.n_expected}`;
  if (summary.value === null) return "–";
  if (key === "last") return number(summary.value, 2);
  return DIFFERENCES.includes(key) ? signed(summary.value, digitsOf(key)) : fixed(summary.value, digitsOf(key));
}

/** @param {{trends: Trends, which: "since_session" | "period"}} given */
export function FiguresTable({ trends, which }) {
  const [opened, setOpened] = useState(/** @type {Opened | null} */ (null));
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  /** @param {Opened} what */
  const open = (what) => {
    setOpened(what);
    dialog.current?.showModal();
  };
  const close = () => dialog.current?.close();
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${which === "period" ? "Numbers of the period" : "Numbers since the last session"}>
    <table class="figures">
      <thead><tr><th scope="col">Measure</th>${FIGURES.map(({ key, head }) => html`<th scope="col" key=${key}>${head}</th>`)}</tr></thead>
      <tbody>${trends.measures.map((trend) => html`<tr key=${trend.key} data-measure=${trend.key}>
        <th scope="row">${trend.prompt}${trend.unit && html` <span class="quiet">(${trend.unit})</span>`}</th>
        ${FIGURES.map((figure) => html`<${Cell} key=${figure.key} ...${{ figure, trend, open }} figures=${trend[which]} />`)}
      </tr>`)}</tbody>
    </table>
  </div>
  <dialog ref=${dialog} class="formula" aria-labelledby=${`formula-${which}`}>
    ${opened && html`<${Formula} ...${opened} trends=${trends} close=${close} id=${`formula-${which}`} />`}
    <button type="button" onClick=${close}>Close</button>
  </dialog>`;
}

/** @param {{figure: FigureWords, trend: Trend, figures: Figures, open: (what: Opened) => void}} given */
function Cell({ figure, trend, figures, open }) {
  /** @type {Summary} */
  const summary = figures[figure.key];
  const { value, interval, reason } = summary;
  const how = DIFFERENCES.includes(figure.key) ? signed : fixed;
  return html`<td data-figure=${figure.key} data-value=${value ?? ""}>
    <button type="button" class="figure" onClick=${() => open({ figure, trend, figures, summary })}
      aria-label=${`${figure.name}, ${trend.prompt}: ${reason ? because(reason) : shownValue(figure.key, summary)}`}>${shownValue(figure.key, summary)}</button>
    ${interval && html`<span class="under range">${between(interval, how, digitsOf(figure.key))}</span>`}
    ${reason && html`<span class="under">${because(reason)}</span>`}
  </td>`;
}

/** @param {Opened & {trends: Trends, id: string, close: () => void}} given */
function Formula({ figure, trend, figures, summary, trends, id, close }) {
  const used = figure.thresholds.filter((name) => name in trends.thresholds);
  const unit = trend.unit ? ` ${trend.unit}` : "";
  return html`<h2 id=${id}>${figure.name}: ${trend.prompt}</h2>
    <p class="value">${summary.value === null ? `– ${because(summary.reason ?? "")}` : `${number(summary.value, 4)}${figure.key === "coverage" ? "" : unit}`}</p>
    <p>${figure.how}</p>
    <dl>
      ${summary.interval && html`<div><dt>${number(100 * Number(trends.thresholds.confidence))} % interval</dt><dd>${between(summary.interval, number, 4)}</dd></div>`}
      ${figures.from && figures.to && html`<div><dt>Period</dt><dd>${span(figures.from, figures.to)}</dd></div>`}
      <div><dt>Logged</dt><dd>${summary.n_observed} of ${counted(summary.n_expected, "day")}</dd></div>
      ${summary.longest_gap_days !== null && html`<div><dt>Longest gap</dt><dd>${counted(summary.longest_gap_days, "day")}</dd></div>`}
      ${used.map((name) => html`<div><dt>${plain(name)}</dt><dd>${String(trends.thresholds[name])}</dd></div>`)}
      <div><dt>Method</dt><dd>${trends.method_version}</dd></div>
    </dl>
    <p><a href=${`#chart-${trend.key}`} onClick=${close}>Its points</a></p>`;
}
