// What was written beside the answers, day by day: text, as it was typed.

import { fullDay, span } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";

/** @import { Checkin, Trends } from "../lib/types.js" */

/** The days with a note, newest first. @param {string} path @param {string} from @param {string} to @returns {Promise<Checkin[]>} */
async function noted(path, from, to) {
  /** @type {Checkin[]} */
  const days = [];
  let next = "";
  do {
    const cursor = next && `&cursor=${encodeURIComponent(next)}`;
    const { body } = await api.send("GET", `${path}/checkins?from=${from}&to=${to}&limit=200${cursor}`);
    days.push(...body.items.filter((/** @type {Checkin} */ day) => day.note !== null));
    next = body.next ?? "";
  } while (next);
  return days.reverse(); // the API tells the oldest first
}

/** @param {{trends: Trends, path: string}} given */
export function Notes({ trends: { from, to, input_hash }, path }) {
  const { found, failure, again } = useAsked(() => noted(path, from, to), [from, to, input_hash]);
  return html`<section class="card" id="notes">
    <h2>Notes <span class="quiet small">${span(from, to)}</span></h2>
    ${failure ? html`<${Failure} ...${{ failure, again }} />` : found ? html`<${List} days=${found} />` : html`<${Waiting} label="Reading the notes" />`}
  </section>`;
}

/** @param {{days: Checkin[]}} given */
function List({ days }) {
  if (days.length === 0) return html`<p class="quiet">None in this period.</p>`;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Notes of the period">
    <dl class="notes">${days.map((day) => html`<div key=${day.date} data-day=${day.date}>
      <dt>${fullDay(day.date)}${day.day_offset === null ? "" : html` <span class="quiet">Day ${day.day_offset}</span>`}${day.source === "app" ? "" : html` <span class="quiet">${day.source === "staff" ? "entered by staff" : "imported"}</span>`}</dt>
      <dd>${day.note}</dd>
    </div>`)}</dl>
  </div>`;
}
