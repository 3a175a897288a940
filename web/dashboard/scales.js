// Rating scales of the period: the baseline, the last score and what it means, and every score.

import { fullDay, number, shortDay, signed } from "../lib/format.js";
import { html } from "../lib/frame.js";
import { meantWords, pointWords } from "./scale_words.js";

/** @import { Trends } from "../lib/types.js" */

/** @param {{trends: Trends}} given */
export function ScalesTable({ trends: { scales, overdue_screens } }) {
  if (scales.length === 0 && overdue_screens.length === 0) return null;
  return html`<section class="card">
    <h2>Rating scales in the period</h2>
    ${scales.length > 0 && html`<div class="scroll" tabindex="0" role="region" aria-label="Rating scales in the period">
    <table class="plain">
      <thead><tr><th scope="col">Scale</th><th scope="col">Baseline</th><th scope="col">Last</th><th scope="col">Change</th><th scope="col" class="words">Means</th><th scope="col" class="words">Scores</th></tr></thead>
      <tbody>${scales.map((scale) => html`<tr key=${scale.key} data-scale=${scale.key}>
        <th scope="row">${scale.name}</th>
        <td>${scale.baseline ? number(scale.baseline.total) : "–"}</td>
        <td>${scale.last ? html`${number(scale.last.total)} <span class="under">${shortDay(scale.last.date)}</span>` : "–"}</td>
        <td>${scale.last && scale.last.change !== null ? signed(scale.last.change) : "–"}</td>
        <td class="words">${meantWords(scale)}</td>
        <td class="words">${scale.points.map(pointWords).join("; ")}</td>
      </tr>`)}</tbody>
    </table></div>
    <p class="quiet small">Baseline: the last complete score at most 14 days before the course's first dose. “Over a session”: the days a score looks back on lie before and after it.</p>`}
    ${overdue_screens.map(({ key, due_on }) => html`<p key=${key} data-overdue=${key}>Overdue since ${fullDay(due_on)}: ${key.replaceAll("_", " ")}.</p>`)}
  </section>`;
}
