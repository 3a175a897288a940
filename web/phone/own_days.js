// Below the check-in: one's own month of mood with the sessions, and what comes next.

import { Chart } from "../lib/chart.js";
import { clockTimeIn, shortDay, weekday } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { nextSession } from "../lib/next_session.js";
import { api } from "../lib/session.js";

/** @import { Booked, Trends } from "../lib/types.js" */

async function ownDays() {
  const { body } = await api.send("GET", "/v1/me/trends");
  return { trends: body, next: await nextSession(api, "/v1/me/sessions", body.today) };
}

/** `version` changes with every save, so that the chart is drawn anew. @param {{version: string}} given */
export function OwnDays({ version }) {
  const { found, failure, again } = useAsked(ownDays, [version]);
  if (!found) return failure ? html`<${Failure} ...${{ failure, again }} />` : html`<${Waiting} label="Drawing your days" />`;
  /** @type {{trends: Trends, next: Booked | null}} */
  const { trends, next } = found;
  const mood = trends.measures.find(({ key }) => key === "mood");
  const last = trends.last_session;
  return html`<section class="card own">
    <h2>Your last four weeks</h2>
    ${mood && html`<${Chart} trend=${mood} visits=${trends.sessions}
      src=${`/v1/me/trends.svg?measure=mood&from=${trends.from}&to=${trends.to}`} version=${trends.input_hash} />`}
    <p class="quiet">${last ? `Last session on ${shortDay(last.date)}. ` : ""}${next && `Next session on ${weekday(next.date)}${next.scheduled_at ? `, ${clockTimeIn(next.scheduled_at, next.timezone)}` : ""}.`}</p>
  </section>`;
}
