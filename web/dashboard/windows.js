// The table of windows, newest first: what was given, what it did, how long it lasted.

import { between, counted, fullDay, number, percent, plain, shortDay, signed } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { because } from "../lib/reasons.js";
import { days, given, wearOffWords } from "../lib/window_words.js";
import { Figure, useFormula } from "./formula.js";
import { COVERAGE, GAINS, KEPT, WEAR_OFF, written, writtenInterval } from "./window_figures.js";

/** @import { Compared, Window, Windows } from "../lib/window_types.js" */
/** @import { Explained, Open } from "./formula.js" */
/** @import { WindowFigure } from "./window_figures.js" */

const POINTS = "#response-curve";

/** @param {{told: Windows}} given */
export function WindowsTable({ told }) {
  const { open, dialog } = useFormula(told, "windows");
  if (told.windows.length === 0) return null;
  const best = told.windows.map(({ compared }) => compared.best?.session_id).find(Boolean) ?? null;
  return html`<section class="card" id="windows">
    <h2>Windows <span class="quiet small">${counted(told.windows.length, "window")}, newest first; ${told.measure.prompt}</span></h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Windows">
    <table class="windows">
      <thead>
        <tr><th scope="col" rowspan="2">Session</th><th scope="col" rowspan="2" class="words">Given</th><th scope="col" rowspan="2">Next after</th>
          ${GAINS.map(({ key, head }) => html`<th key=${key} scope="col" rowspan="2">${head}</th>`)}
          <th scope="colgroup" colspan=${KEPT.length} class="over">Gain kept</th>
          <th scope="col" rowspan="2" class="words">Wear-off</th><th scope="col" rowspan="2">Logged</th>
          <th scope="colgroup" colspan="2" class="over">Gain on common days, against</th></tr>
        <tr>${KEPT.map(({ key, head }) => html`<th key=${key} scope="col">${head}</th>`)}<th scope="col">the one before</th><th scope="col">the best</th></tr>
      </thead>
      <tbody>${told.windows.map((window) => html`<${Row} key=${window.session_id} ...${{ window, told, best, open }} />`)}</tbody>
    </table></div>
    <p class="quiet small">Gain is turned so that more is better. Windows of unlike length are compared on the days both have, and on no others.</p>
    ${dialog}
  </section>`;
}

/** @param {{window: Window, told: Windows, best: string | null, open: Open}} given */
function Row({ window, told, best, open }) {
  const { wear_off, is_open, interval_days, days: length, compared, sessions } = window;
  const block = sessions.length > 1 ? `${counted(sessions.length, "session")} from ${shortDay(/** @type {{date: string}} */ (sessions[0]).date)}` : null;
  return html`<tr data-window=${window.session_id}>
    <th scope="row">${fullDay(window.date)}${block && html`<span class="under">${block}</span>`}${is_open && html`<span class="under">this window</span>`}</th>
    <td class="words">${given(window.doses)}<span class="under">${plain(window.route ?? "route not recorded")}</span></td>
    <td class="brief">${interval_days === null ? html`<span class="quiet">open</span><span class="under">day ${length}</span>` : counted(interval_days, "day")}</td>
    ${[...GAINS, ...KEPT].map((figure) => html`<${Cell} key=${figure.key} ...${{ figure, window, told, open }} />`)}
    <td class="words" data-figure="wear_off" data-state=${wear_off.state ?? ""}><button type="button" class="figure words" onClick=${() => open(wearOff(window, told))}>${wearOffWords(wear_off, window)}</button></td>
    <${Cell} ...${{ figure: COVERAGE, window, told, open }} />
    <${Difference} ...${{ window, told, open, against: compared.previous, name: "the one before", none: "the first" }} />
    <${Difference} ...${{ window, told, open, against: compared.best, name: "the best", none: best === window.session_id ? "is the best" : "no best yet" }} />
  </tr>`;
}

/** @param {{figure: WindowFigure, window: Window, told: Windows, open: Open}} given */
function Cell({ figure, window, told, open }) {
  const summary = figure.of(window);
  const under = figure.under ? figure.under(window) : summary.interval && writtenInterval(figure, summary.interval);
  const { name, how, thresholds, interval } = figure;
  /** @type {Explained} */
  const what = { name, how, thresholds, interval, summary, about: `window of ${fullDay(window.date)}`, value: written(figure, window), from: window.from, to: window.to, more: levelOf(told), points: POINTS };
  return html`<td data-figure=${figure.key} data-value=${summary.value ?? ""}>
    <${Figure} ...${{ what, open }}>${summary.value !== null && under && html`<span class="under range">${under}</span>`}<//></td>`;
}

/** @param {Windows} told @returns {[string, string][]} */
const levelOf = ({ reference }) => (reference.level.value === null ? [] : [["Reference level", `${number(reference.level.value, 2)} (${plain(reference.source ?? "")})`]]);

/** @param {{window: Window, told: Windows, open: Open, against: Compared | null, name: string, none: string}} given */
function Difference({ window, told, open, against, name, none }) {
  if (against === null) return html`<td><span class="quiet">–</span><span class="under">${none}</span></td>`;
  const { gain_difference: summary, good_days_difference: good, days_compared, first_day, last_day } = against;
  const common = `${counted(days_compared, "common day")}${first_day === null ? "" : `, ${days([first_day, /** @type {number} */ (last_day)])}`}`;
  const other = told.windows.find(({ session_id }) => session_id === against.session_id);
  /** @type {[string, string][]} */
  const more = [
    ["Compared with", other === undefined ? "a window no longer shown" : `the window of ${fullDay(other.date)}`],
    ["Common days", common],
    ["Good days, difference", good.value === null ? because(good.reason ?? "") : `${signed(100 * good.value, 0)} %`],
  ];
  /** @type {Explained} */
  const what = { name: `Gain against ${name}`, about: `window of ${fullDay(window.date)}`, value: summary.value === null ? "–" : signed(summary.value), summary, more, how: "The mean gain of this window less that of the other one, on those days after the session that both have logged, and on no others.", thresholds: ["level_minimum_days", "level_minimum_coverage", "lag_1_minimum_pairs", "lag_1_default", "lag_1_maximum", "confidence"], points: POINTS };
  return html`<td data-value=${summary.value ?? ""}><${Figure} ...${{ what, open }}>
    ${summary.value !== null && summary.interval && html`<span class="under range">${between(summary.interval, signed, 1)}</span>`}
    <span class="under">${common}</span><//></td>`;
}

/** What stands behind the words on wearing off. @param {Window} window @param {Windows} told @returns {Explained} */
function wearOff(window, told) {
  const { wear_off, date, from, to } = window;
  const { p_responded, p_worn_off, rule, censored_on, censored_by } = wear_off;
  /** @type {[string, string][]} */
  const more = [];
  if (p_responded !== null) more.push(["Share of draws with a measurable gain", percent(p_responded)]);
  if (p_worn_off !== null) more.push(["of those, with half of it gone", percent(p_worn_off)]);
  if (rule !== null) more.push(["The plain rule", wearOffWords({ ...wear_off, ...rule, p_worn_off: null, censored_by: null }, window)]);
  if (censored_on !== null) more.push(["Watched until", `${fullDay(censored_on)}, ${plain(censored_by ?? "")}`]);
  return {
    name: "Wear-off", about: `window of ${fullDay(date)}`, value: wearOffWords(wear_off, window),
    how: "A smoothed level with its doubt is drawn through the logged days many times. The day is the middle of the days on which a draw falls to half of its gain; the days in brackets hold 80 % of the draws. The plain rule is what the days themselves show: two days running, by the median of three, at half of the gain.",
    thresholds: WEAR_OFF, from, to, more: [...levelOf(told), ...more], points: POINTS,
  };
}

/** @param {{told: Windows}} given */
export function FractionsTable({ told }) {
  const { open, dialog } = useFormula(told, "fractions");
  const shown = told.windows.filter(({ wear_off }) => wear_off.fractions.length > 0);
  if (shown.length === 0) return null;
  const fractions = /** @type {Window} */ (shown[0]).wear_off.fractions.map(({ fraction }) => fraction);
  return html`<section class="card">
    <h2>How much was gone, when</h2>
    <table class="plain">
      <thead><tr><th scope="col">Session</th>${fractions.map((fraction) => html`<th key=${fraction} scope="col" class="words">${percent(fraction)} gone</th>`)}</tr></thead>
      <tbody>${shown.map((window) => html`<tr key=${window.session_id}>
        <th scope="row">${fullDay(window.date)}</th>
        ${window.wear_off.fractions.map((crossing) => html`<td key=${crossing.fraction} class="words" data-state=${crossing.state}>
          <button type="button" class="figure words" onClick=${() => open({ ...wearOff({ ...window, wear_off: { ...window.wear_off, ...crossing, rule: null } }, told), name: `${percent(crossing.fraction)} of the gain gone`, value: crossingWords(crossing, window) })}>${crossingWords(crossing, window)}</button></td>`)}
      </tr>`)}</tbody>
    </table>${dialog}
  </section>`;
}

/** @param {import("../lib/window_types.js").Fraction} crossing @param {Window} window */
function crossingWords({ state, day, interval }, { wear_off }) {
  if (state === "worn_off" && day !== null) return `day ${day}${interval === null ? "" : ` (${days(interval)})`}`;
  return state === "holding" ? `not by day ${wear_off.watched_to}` : state === "no_response" ? "no gain" : "cannot tell";
}

