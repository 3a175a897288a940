// What the scales of the period say about suicide: the level or the item in words, and what was left out.

import { fullDay, span } from "../lib/format.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";

/** @import { Trends } from "../lib/types.js" */
/** @typedef {{level: string | null, level_words: string | null, item: number | null, answer: number | null, answer_words: string | null, needs_review: boolean, review_reason: string | null}} ScaleSafety */
/** @typedef {{id: string, name: string, date: string, status: string, total: number | null, prorated_total: number | null, source: string, needs_review: string[], safety: ScaleSafety | null}} Assessment */

/** Those of the period that ask about suicide, newest first. @param {string} path @param {string} from @param {string} to @returns {Promise<Assessment[]>} */
async function told(path, from, to) {
  /** @type {Assessment[]} */
  const found = [];
  let next = "";
  do {
    const { body } = await api.send("GET", `${path}/assessments?limit=200${next && `&cursor=${encodeURIComponent(next)}`}`);
    found.push(...body.items.filter((/** @type {Assessment} */ one) => one.safety !== null && from <= one.date && one.date <= to));
    // The newest come first: once they lie before the period, so does the rest.
    next = (body.items.at(-1)?.date ?? "") < from ? "" : body.next ?? "";
  } while (next);
  return found;
}

/** @param {{trends: Trends, path: string}} given */
export function SafetyAnswers({ trends: { from, to, input_hash }, path }) {
  const { found, failure, again } = useAsked(() => told(path, from, to), [from, to, input_hash]);
  return html`<section class="card" id="safety-answers">
    <h2>What the scales say about suicide <span class="quiet small">${span(from, to)}</span></h2>
    ${failure ? html`<${Failure} ...${{ failure, again }} />` : found ? html`<${Answers} scales=${found} />` : html`<${Waiting} label="Reading the scales" />`}
  </section>`;
}

/** @param {{scales: Assessment[]}} given */
function Answers({ scales }) {
  if (scales.length === 0) return html`<p class="quiet">No scale that asks was filled in within this period: nothing is known from one.</p>`;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="What the scales say about suicide">
    <table class="plain asked">
      <thead><tr><th scope="col">Date</th><th scope="col" class="words">Scale</th><th scope="col">Total</th><th scope="col" class="words">Level, or the item about suicide</th><th scope="col" class="words">To look at</th></tr></thead>
      <tbody>${scales.map((one) => html`<${Row} key=${one.id} one=${one} />`)}</tbody>
    </table></div>
    <p class="quiet small">An answer of “not at all”, or no category with yes, proves no safety: in a large follow-up most suicides came after a “not at all”.</p>`;
}

/** @param {{one: Assessment}} given */
function Row({ one: { id, name, date, status, total, source, safety } }) {
  if (safety === null) return null;
  const { level, level_words, item, answer_words, needs_review, review_reason } = safety;
  return html`<tr data-assessment=${id} data-level=${level}>
    <th scope="row">${fullDay(date)}</th>
    <td class="words">${name}${source === "import" && html` <span class="under">imported</span>`}</td>
    <td>${total ?? "–"}${status === "partial" && html` <span class="under">not complete</span>`}</td>
    <td class="words">${level === "high" ? html`<strong>${level_words}</strong>` : level_words ?? (item === null ? "–" : `Item ${item}: ${answer_words}`)}</td>
    <td class="words">${needs_review && html`<strong class="mark">needs review</strong> <span class="under">${review_reason}</span>`}</td>
  </tr>`;
}
