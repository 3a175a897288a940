// What the scores of a rating scale say, in words.

import { number, shortDay } from "../lib/format.js";
import { because } from "../lib/reasons.js";

/** @import { Scale, ScorePoint } from "../lib/types.js" */

/** @type {[key: "responded" | "remitted" | "reliably_better" | "reliably_worse", words: string][]} */
const MEANT = [
  ["responded", "response"], ["remitted", "remission"],
  ["reliably_better", "reliably better"], ["reliably_worse", "reliably worse"],
];

/** What the last score means, in words; what is not true is left out. @param {Scale} scale */
export function meantWords({ last, reason }) {
  if (last === null) return "no complete score";
  const told = MEANT.filter(([key]) => last[key]).map(([, words]) => words);
  return told.join(", ") || (reason === null ? "within the scale's own error" : because(reason));
}

/** One score, with what it is marked by. @param {ScorePoint} point */
export function pointWords(point) {
  const value = point.total ?? point.prorated_total;
  const marks = [point.is_prorated && "prorated", point.recall_spans_session && "over a session"].filter(Boolean);
  return `${shortDay(point.date)}: ${value === null ? "no score" : number(value)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`;
}
