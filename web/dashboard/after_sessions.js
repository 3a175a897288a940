// What sessions brought with them: side effects until they were gone, vitals, all that was given.

import { counted, fullDay, number, plain, span } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { recoveryWords } from "../lib/window_words.js";

/** @import { Exposure, Vitals, Window, Windows } from "../lib/window_types.js" */

/** @param {{told: Windows}} given */
export function RecoveryTable({ told }) {
  if (told.windows.length === 0) return null;
  return html`<section class="card">
    <h2>Side effects after each session <span class="quiet small">and the extremes measured in it</span></h2>
    <div class="scroll tall" tabindex="0" role="region" aria-label="Side effects after each session">
    <table class="plain">
      <thead><tr><th scope="col">Session</th><th scope="col" class="words">Side effects, until gone</th><th scope="col">Highest pressure</th><th scope="col">Lowest SpO₂</th></tr></thead>
      <tbody>${told.windows.map((window) => html`<tr key=${window.session_id}>
        <th scope="row">${fullDay(window.date)}</th>
        <td class="words"><${Lasting} window=${window} /></td>
        <td>${pressure(window.vitals)}</td>
        <td>${window.vitals.lowest_spo2_percent === null ? html`<span class="quiet">–</span>` : `${window.vitals.lowest_spo2_percent} %`}</td>
      </tr>`)}</tbody>
    </table></div>
    <p class="quiet small">Pressure in mmHg. The day is the first on which the side effect was asked about and absent; it may have gone on days nobody asked.</p>
  </section>`;
}

/** @param {{window: Window}} given */
function Lasting({ window: { recovery, side_effects } }) {
  if (recovery.length > 0) return recovery.map((one) => html`<div key=${one.code} data-effect=${one.code}>${one.label} <span class="quiet">(worst ${one.worst_severity})</span>: ${recoveryWords(one)}</div>`);
  return html`<span class="quiet">${side_effects.days_asked === 0 ? "not asked" : `none on ${counted(side_effects.days_asked, "day")} asked`}</span>`;
}

/** @param {Vitals} vitals */
function pressure({ highest_systolic_mmhg, highest_diastolic_mmhg }) {
  if (highest_systolic_mmhg === null && highest_diastolic_mmhg === null) return html`<span class="quiet">–</span>`;
  return `${highest_systolic_mmhg ?? "–"}/${highest_diastolic_mmhg ?? "–"}`;
}

/** @param {{exposure: Exposure[]}} given */
export function ExposureTable({ exposure }) {
  return html`<section class="card">
    <h2>Given to date <span class="quiet small">each drug and route by itself; they are never added up</span></h2>
    ${exposure.length === 0 ? html`<p class="quiet">Nothing yet.</p>` : html`<table class="plain">
      <thead><tr><th scope="col">Drug</th><th scope="col" class="words">Route</th><th scope="col">Sessions</th><th scope="col">Doses</th><th scope="col">In all</th></tr></thead>
      <tbody>${exposure.map((one) => html`<tr key=${one.drug + one.route}>
        <th scope="row">${one.drug}<span class="under">${span(one.first, one.last)}</span></th><td class="words">${plain(one.route)}</td><td>${one.sessions}</td><td>${one.doses}</td>
        <td class="day">${number(one.total_mg, 2)} mg</td>
      </tr>`)}</tbody>
    </table>`}
  </section>`;
}
