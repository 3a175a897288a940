// A chart drawn by the server, and beside it the table of the same points.

import { useEffect, useState } from "preact/hooks";
import { counted, number, shortDay } from "./format.js";
import { Failure, html, useAsked, Waiting } from "./frame.js";
import { api } from "./session.js";

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

/**
 * Fetched like everything else, not left to the browser: it would keep an old picture of the same
 * address, and know nothing of an expired login.
 * @param {{src: string, version: string, alt: string}} given
 */
function Picture({ src, version, alt }) {
  const { found, failure, again } = useAsked(() => api.picture(src), [src, version]);
  const [address, setAddress] = useState("");
  useEffect(() => {
    if (!found) return undefined;
    const made = URL.createObjectURL(found);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [found]);
  if (failure) return html`<${Failure} ...${{ failure, again }} />`;
  if (!address) return html`<div class="picture"><${Waiting} label="Drawing" /></div>`;
  return html`<img class="picture" src=${address} width="480" height="224" alt=${alt} />`;
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
