// Below the check-in: one's own month of mood, the days since the session, and what comes next.

import { Chart } from "../lib/chart.js";
import { Curve, CurveTable } from "../lib/curve.js";
import { clockTimeIn, shortDay, weekday } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { nextSession } from "../lib/next_session.js";
import { api } from "../lib/session.js";

/** @import { Booked, Trends } from "../lib/types.js" */
/** @import { ResponseCurve } from "../lib/window_types.js" */

async function ownDays() {
  const [{ body }, curve] = await Promise.all([api.send("GET", "/v1/me/trends"), api.send("GET", "/v1/me/response-curve?measure=mood")]);
  return { trends: body, curve: curve.body, next: await nextSession(api, "/v1/me/sessions", body.today) };
}

/** `version` changes with every save, so that the chart is drawn anew. @param {{version: string}} given */
export function OwnDays({ version }) {
  const { found, failure, again } = useAsked(ownDays, [version]);
  if (!found) return failure ? html`<${Failure} ...${{ failure, again }} />` : html`<${Waiting} label="Drawing your days" />`;
  /** @type {{trends: Trends, curve: ResponseCurve, next: Booked | null}} */
  const { trends, curve, next } = found;
  const mood = trends.measures.find(({ key }) => key === "mood");
  const last = trends.last_session;
  return html`<section class="card own">
    <h2>Mood, your last four weeks</h2>
    ${mood && html`<${Chart} trend=${mood} visits=${trends.sessions}
      src=${`/v1/me/trends.svg?measure=mood&from=${trends.from}&to=${trends.to}`} version=${trends.input_hash} />`}
    ${last && curve.windows.length > 0 && html`<${SinceSession} day=${last.day_offset} curve=${curve} />`}
    <p class="quiet">${last ? `Last session on ${shortDay(last.date)}. ` : ""}${next && `Next session on ${weekday(next.date)}${next.scheduled_at ? `, ${clockTimeIn(next.scheduled_at, next.timezone)}` : ""}.`}</p>
  </section>`;
}

/** The same curve and numbers as the clinic sees. @param {{day: number, curve: ResponseCurve}} given */
function SinceSession({ day, curve }) {
  return html`<h2>Mood, day ${day} since your last session</h2>
    <figure class="chart">
      <${Curve} told=${curve} src="/v1/me/response-curve.svg?measure=mood" />
      <details><summary>These days as a table</summary><${CurveTable} told=${curve} /></details>
    </figure>`;
}
