// The table of a period's numbers.

import { between, fixed, number, shortDay, signed } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { besides } from "./compared.js";
import { Figure, useFormula } from "./formula.js";
import { FIGURES } from "./words.js";

/** @import { Summary, Trend, Trends } from "../lib/types.js" */
/** @import { FigureWords } from "./words.js" */
/** @import { Open } from "./formula.js" */

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
  const { open, dialog } = useFormula(trends, which);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${which === "period" ? "Numbers of the period" : "Numbers since the last session"}>
    <table class="figures">
      <thead><tr><th scope="col">Measure</th>${FIGURES.map(({ key, head }) => html`<th scope="col" key=${key}>${head}</th>`)}</tr></thead>
      <tbody>${trends.measures.map((trend) => html`<tr key=${trend.key} data-measure=${trend.key}>
        <th scope="row">${trend.prompt}${trend.unit && html` <span class="quiet">(${trend.unit})</span>`}</th>
        ${FIGURES.map((figure) => html`<${Cell} key=${figure.key} ...${{ figure, trend, trends, which, open }} />`)}
      </tr>`)}</tbody>
    </table>
  </div>
  ${dialog}`;
}

/** @param {{figure: FigureWords, trend: Trend, trends: Trends, which: "since_session" | "period", open: Open}} given */
function Cell({ figure, trend, trends, which, open }) {
  const { key, name, how, thresholds } = figure;
  const figures = trend[which];
  /** @type {Summary} */
  const summary = figures[key];
  const unit = trend.unit && key !== "coverage" ? ` ${trend.unit}` : "";
  const what = { name, how, thresholds, summary, unit, about: trend.prompt, value: shownValue(key, summary), from: figures.from, to: figures.to, more: besides(key, figures, trends, which), points: `#chart-${trend.key}` };
  return html`<td data-figure=${key} data-value=${summary.value ?? ""}>
    <${Figure} ...${{ what, open }}>${summary.interval && html`<span class="under range">${between(summary.interval, DIFFERENCES.includes(key) ? signed : fixed, digitsOf(key))}</span>`}${key === "last" && figures.last_date && html`<span class="under range">${shortDay(figures.last_date)}</span>`}<//>
  </td>`;
}
