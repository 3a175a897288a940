// The charts of all measures in the period, each with the table of its points, and the sessions they show.

import { Chart } from "../lib/chart.js";
import { html } from "../lib/frame.js";
import { SessionsTable } from "./tables.js";

/** @import { Trends } from "../lib/types.js" */

/** @param {{trends: Trends, path: string}} given */
export function Charts({ trends, path }) {
  const period = `from=${trends.from}&to=${trends.to}`;
  return html`<div class="charts">${trends.measures.map((trend) => html`<section class="card" key=${trend.key} id=${`chart-${trend.key}`}>
    <h3>${trend.prompt}</h3>
    <${Chart} trend=${trend} visits=${trends.sessions} src=${`${path}/trends.svg?measure=${trend.key}&${period}`} version=${trends.input_hash} />
  </section>`)}
  <${SessionsTable} visits=${trends.sessions} /></div>`;
}
