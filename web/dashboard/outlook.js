// Today and the booked session beside the patient's own earlier windows: data, never advice.

import { counted, fullDay, number, plain } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { because } from "../lib/reasons.js";
import { directionWords, sameDayWords } from "../lib/window_words.js";

/** @import { GapRisk, Outcome, SameDay, TimeToWearOff, Windows } from "../lib/window_types.js" */

/** @param {{told: Windows}} given */
export function Outlook({ told }) {
  return html`<section class="card" id="gap">
    <h2>The next session beside earlier windows</h2>
    <p class="plainly">${told.gap_risk.words}</p>
    <${GapFacts} gap=${told.gap_risk} />
    ${told.current && html`<h3>Against two weeks before, in this window</h3><p>${directionWords(told.current.direction)}.</p><h3>Today beside the same day of earlier windows</h3><${SameDayFacts} day=${told.current.same_day} />`}
  </section>`;
}

/** @param {{gap: GapRisk}} given */
function GapFacts({ gap }) {
  const { next_session, interval_days, usual_interval_days, n_windows, n_worn_off_before, n_held } = gap;
  return html`<dl class="lines">
    <div><dt>Next session</dt><dd>${next_session === null ? "none booked" : `${fullDay(next_session.date)}${interval_days === null ? "" : `, day ${interval_days}`}`}</dd></div>
    ${usual_interval_days !== null && html`<div><dt>Usual interval</dt><dd>${number(usual_interval_days)} days</dd></div>`}
    <div><dt>Earlier windows that can tell</dt><dd>${n_windows}</dd></div>
    ${n_windows > 0 && html`<div><dt>worn off before that day</dt><dd>${n_worn_off_before}</dd></div><div><dt>held to it</dt><dd>${n_held}</dd></div>`}
  </dl>`;
}

/** @param {{day: SameDay}} given */
function SameDayFacts({ day }) {
  const { value, median, lower_quartile, upper_quartile } = day;
  return html`<p data-state=${day.state}>${sameDayWords(day)}.</p>
    <dl class="lines">
      ${value !== null && html`<div><dt>Smoothed level, day ${day.day_offset}</dt><dd>${number(value, 2)}</dd></div>`}
      ${median !== null && html`<div><dt>Earlier windows, median</dt><dd>${number(median, 2)}</dd></div>`}
      ${lower_quartile !== null && upper_quartile !== null && html`<div><dt>their middle half</dt><dd>${number(lower_quartile, 2)} to ${number(upper_quartile, 2)}</dd></div>`}
    </dl>`;
}

/** @param {{told: Windows}} given */
export function WearOffTimes({ told }) {
  const { method, reason, n_windows, n_events, median, steps, windows, caution } = told.time_to_wear_off;
  const dates = new Map(told.windows.map(({ session_id, date }) => [session_id, date]));
  const title = html`<h2>Time to wear-off <span class="quiet small">${n_events} of ${counted(n_windows, "window")} worn off</span></h2>`;
  if (n_windows === 0) return html`<section class="card">${title}<p class="quiet">${because(reason ?? "too_few_windows")}.</p></section>`;
  return html`<section class="card">${title}
    <p class="plainly">${median.value === null ? `No median: ${because(median.reason ?? reason ?? "")}.` : `Half of the windows had worn off by day ${number(median.value)}${median.interval ? ` (${number(median.interval[0])} to ${number(median.interval[1])})` : ""}.`}</p>
    ${method === "kaplan_meier" && steps.length > 0 ? html`<${Steps} steps=${steps} />` : html`<ul class="dots">${windows.map(({ session_id, day, is_censored }) => html`<li key=${session_id}>${dates.has(session_id) ? fullDay(/** @type {string} */ (dates.get(session_id))) : "session"}: ${is_censored ? `still held on day ${day}` : `worn off on day ${day}`}</li>`)}</ul>`}
    <p class="notice warm">${caution}</p>
  </section>`;
}

/** @param {{steps: TimeToWearOff["steps"]}} given */
function Steps({ steps }) {
  return html`<table class="plain">
    <thead><tr><th scope="col">Day</th><th scope="col">Windows watched</th><th scope="col">Wore off</th><th scope="col">Still holding</th></tr></thead>
    <tbody>${steps.map(({ day, at_risk, events, survival, interval }) => html`<tr key=${day}>
      <th scope="row">${day}</th><td>${at_risk}</td><td>${events}</td>
      <td>${number(100 * survival, 0)} %${interval && html`<span class="under range">${number(100 * interval[0], 0)} to ${number(100 * interval[1], 0)} %</span>`}</td>
    </tr>`)}</tbody>
  </table>`;
}

/** Levels before sessions that follow each other closely. @param {{told: Windows}} given */
export function Troughs({ told: { troughs, measure } }) {
  if (troughs.levels.length === 0) return null;
  const { slope_per_week: slope } = troughs;
  return html`<section class="card">
    <h2>Level before each session <span class="quiet small">${measure.prompt}</span></h2>
    <table class="plain">
      <thead><tr><th scope="col">Session</th><th scope="col">Level before</th></tr></thead>
      <tbody>${[...troughs.levels].reverse().map(({ session_id, date, level }) => html`<tr key=${session_id}><th scope="row">${fullDay(date)}</th>
        <td>${level.value === null ? html`– <span class="under">${because(level.reason ?? "")}</span>` : number(level.value, 2)}</td></tr>`)}</tbody>
    </table>
    <p class="quiet small">Slope a week: ${slope.value === null ? because(slope.reason ?? "") : number(slope.value, 2)}.</p>
  </section>`;
}

const OUTCOMES = /** @type {const} */ ([["route", "Route"], ["dose_mg_per_kg", "mg/kg"], ["interval_days", "Interval, days"]]);

/** @param {{told: Windows}} given */
export function OutcomesTable({ told: { outcomes } }) {
  if (outcomes.reason !== null) return html`<section class="card"><h2>Dose, route and interval beside the outcome</h2><p class="quiet">Not set side by side: ${because(outcomes.reason)}.</p></section>`;
  return html`<section class="card">
    <h2>Dose, route and interval beside the outcome <span class="quiet small">listed, nothing is concluded</span></h2>
    <table class="plain">
      <thead><tr><th scope="col">What</th><th scope="col">Windows</th><th scope="col">Median gain</th><th scope="col" class="words">Wore off on day</th></tr></thead>
      <tbody>${OUTCOMES.flatMap(([key, head]) => outcomes[key].map((/** @type {Outcome} */ one) => html`<tr key=${`${key}${one.value}`}>
        <th scope="row"><span class="quiet">${head}</span> ${typeof one.value === "number" ? number(one.value, 2) : plain(one.value)}</th><td>${one.n}</td>
        <td>${one.median_gain.value === null ? html`– <span class="under">${because(one.median_gain.reason ?? "")}</span>` : number(one.median_gain.value)}</td>
        <td class="words">${one.wear_off_days.join(", ") || "none"}</td></tr>`))}</tbody>
    </table>
  </section>`;
}
