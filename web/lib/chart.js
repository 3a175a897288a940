// A chart drawn by the server, and beside it the table of the same points.

import { counted, number, shortDay } from "./format.js";
import { html } from "./frame.js";
import { Picture } from "./picture.js";

/** @import { Trend, Visit } from "./types.js" */

/** What a session gave, in a few words. @param {Visit} visit */
export function dosesOf({ doses, route }) {
  const given = doses.map(({ drug, dose_mg }) => (dose_mg === null ? drug : `${drug} ${number(dose_mg, 2)} mg`));
  return [given.join(" + "), route].filter(Boolean).join(", ") || "session";
}

/** `version` changes whenever the picture may. @param {{trend: Trend, visits: Visit[], src: string, version: string}} given */
export function Chart({ trend, visits, src, version }) {
  const unit = trend.unit ? ` ${trend.unit}` : "";
  return html`<figure class="chart">
    <${Picture} src=${src} version=${version} alt=${`${trend.prompt}: chart. Its values are in the table below.`} />
    <details>
      <summary>${counted(trend.points.length, "value")} as a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${`${trend.prompt}: values`}>
      <table>
        <thead><tr><th scope="col">Day</th><th scope="col">Value</th><th scope="col">Session</th></tr></thead>
        <tbody>${rowsOf(trend, visits).map(({ day, value, visit }) => html`<tr key=${day}>
          <th scope="row">${shortDay(day)}</th><td>${value === null ? "not logged" : `${number(value, 2)}${unit}`}</td><td>${visit}</td>
        </tr>`)}</tbody>
      </table></div>
    </details>
  </figure>`;
}

/** The days with a value or a session, newest first. @param {Trend} trend @param {Visit[]} visits */
function rowsOf(trend, visits) {
  /** @type {Map<string, {day: string, value: number | null, visit: string}>} */
  const rows = new Map(trend.points.map(({ date, value }) => [date, { day: date, value, visit: "" }]));
  for (const visit of visits) {
    const row = rows.get(visit.date) ?? { day: visit.date, value: null, visit: "" };
    rows.set(visit.date, { ...row, visit: [row.visit, dosesOf(visit)].filter(Boolean).join("; ") });
  }
  return [...rows.values()].sort((one, other) => (one.day < other.day ? 1 : -1));
}
