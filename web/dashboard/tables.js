// Side effects with their burden, and the sessions of the period.

import { dosesOf } from "../lib/chart.js";
import { fixed, fullDay, plain } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { whyAbsent } from "../lib/reasons.js";

/** @import { Effects, Summary, Visit } from "../lib/types.js" */

/** @param {Summary} summary @param {number} digits */
function told(summary, digits) {
  return summary.value === null ? html`– <span class="under">${whyAbsent(summary, "asked")}</span>` : fixed(summary.value, digits);
}

/** @param {{title: string, effects: Effects}} given */
export function EffectsTable({ title, effects }) {
  const asked = `asked on ${effects.days_asked} of ${effects.days_expected} days`;
  return html`<section class="card">
    <h2>${title} <span class="quiet small">${asked}</span></h2>
    ${effects.codes.length === 0 ? html`<p class="quiet">${effects.days_asked === 0 ? "Not asked on any of these days." : "None on the days asked."}</p>` : html`
    <table class="plain">
      <thead><tr><th scope="col">Side effect</th><th scope="col">Days</th><th scope="col">Share of days asked</th><th scope="col">Worst</th><th scope="col">Mean severity</th><th scope="col">Burden</th></tr></thead>
      <tbody>${effects.codes.map((effect) => html`<tr key=${effect.code} data-effect=${effect.code}>
        <th scope="row">${effect.label}</th><td>${effect.days}</td>
        <td>${told(effect.share, 2)}</td><td>${effect.worst_severity}</td>
        <td>${told(effect.mean_severity, 1)}</td><td>${told(effect.burden, 2)}</td>
      </tr>`)}</tbody>
    </table>
    <p class="quiet small">Severity from 1, noticeable, to 4, needed help at once. Burden: the sum of severities for each day asked.</p>`}
  </section>`;
}

/** @param {{visits: Visit[]}} given */
export function SessionsTable({ visits }) {
  return html`<section class="card">
    <h2>Sessions in the period</h2>
    ${visits.length === 0 ? html`<p class="quiet">None.</p>` : html`
    <div class="scroll tall" tabindex="0" role="region" aria-label="Sessions in the period">
    <table class="plain">
      <thead><tr><th scope="col">Day</th><th scope="col" class="words">Given</th></tr></thead>
      <tbody>${[...visits].reverse().map((visit) => html`<tr key=${visit.session_id}><th scope="row">${fullDay(visit.date)}</th><td class="words">${plain(dosesOf(visit))}</td></tr>`)}</tbody>
    </table></div>`}
  </section>`;
}
