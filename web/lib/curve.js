// The response curve drawn by the server, and beside it the table of the same days.

import { counted, fixed, number, shortDay } from "./format.js";
import { html } from "./frame.js";
import { Picture } from "./picture.js";

/** @import { CurvePoint, Level, ResponseCurve, Usual } from "./window_types.js" */

/** @param {{told: ResponseCurve, src: string}} given */
export function Curve({ told, src }) {
  return html`<${Picture} src=${src} version=${told.input_hash} shape="curve" alt=${`${told.measure.prompt}: response curve. Its days are in the table beside it.`} />`;
}

/** @param {{told: ResponseCurve}} given */
export function CurveTable({ told }) {
  const rows = rowsOf(told);
  if (rows.length === 0) return html`<p class="quiet">No day of this window or of an earlier one was logged.</p>`;
  return html`<div class="scroll days" tabindex="0" role="region" aria-label=${`Response curve, ${told.measure.prompt}: its days`}>
    <table>
      <thead><tr><th scope="col">Day</th><th scope="col">This window</th><th scope="col">Its level</th><th scope="col">Earlier, median</th><th scope="col">Windows</th></tr></thead>
      <tbody>${rows.map(({ day, point, level, usual }) => html`<tr key=${day} class=${day === 0 ? "quiet" : undefined}>
        <th scope="row">${day}</th>
        <td>${point === undefined ? html`<span class="quiet">not logged</span>` : number(point.value, 2)}${point && day === 0 && html`<span class="under">${point.pre_dose ? "before the dose" : "not counted"}</span>`}</td>
        <td>${level && html`${fixed(level.level)}<span class="under range">${fixed(level.low)} to ${fixed(level.high)}</span>`}</td>
        <td>${usual && usual.median !== null && html`${fixed(usual.median)}<span class="under range">${fixed(/** @type {number} */ (usual.lower_quartile))} to ${fixed(/** @type {number} */ (usual.upper_quartile))}</span>`}</td>
        <td>${usual?.n}</td>
      </tr>`)}</tbody>
    </table>
  </div>`;
}

/** The days anything is told of, in order; a day of this window without an entry is told as such. @param {ResponseCurve} told */
function rowsOf({ current, windows, band }) {
  const points = new Map(windows.find(({ is_current }) => is_current)?.points.map((point) => /** @type {[number, CurvePoint]} */ ([point.day_offset, point])));
  const levels = new Map(current?.ribbon.map((level) => /** @type {[number, Level]} */ ([level.day_offset, level])));
  const usual = new Map(band.map((day) => /** @type {[number, Usual]} */ ([day.day_offset, day])));
  const told = new Set([...points.keys(), ...levels.keys(), ...usual.keys()]);
  return [...told].sort((one, other) => one - other).map((day) => ({ day, point: points.get(day), level: levels.get(day), usual: usual.get(day) }));
}

/** Which earlier windows stand behind it. @param {{told: ResponseCurve}} given */
export function CurveWords({ told }) {
  const earlier = told.windows.filter(({ is_current }) => !is_current);
  if (earlier.length === 0) return html`<p class="quiet small">There is no earlier window yet. Day 0 is not counted.</p>`;
  const first = /** @type {{date: string}} */ (earlier.at(-1));
  return html`<p class="quiet small">${counted(earlier.length, "earlier window")} since ${shortDay(first.date)} ${first.date.slice(0, 4)}; their middle is shown on days that at least 3 of them have. Day 0 is not counted.</p>`;
}
