// Beside a number of a period: the day it is of, or the days it is compared with.

import { addDays, daysBetween, fullDay, number, span } from "../lib/format.js";
import { because } from "../lib/reasons.js";

/** @import { Figures, Trends } from "../lib/types.js" */

/**
 * What the dialog of a number says besides, each with its name.
 * @param {string} key @param {Figures} figures @param {Pick<Trends, "baseline">} trends @param {"since_session" | "period"} which
 * @returns {[string, string][]}
 */
export function besides(key, figures, { baseline }, which) {
  if (key === "last" && figures.last_date) return [["Day", fullDay(figures.last_date)]];
  if (!key.startsWith("change_to_") || !figures.from || !figures.to) return [];
  const days = key === "change_to_baseline" ? baselineDays(baseline) : daysBefore(figures.from, figures.to, which);
  const mean = figures.mean.value === null ? because(figures.mean.reason) : number(figures.mean.value, 4);
  return [["Mean of this period", mean], ["Compared with", days]];
}

/** @param {Trends["baseline"]} baseline */
function baselineDays({ from, to, reason }) {
  return from && to ? `the baseline, ${span(from, to)}` : because(reason ?? "no_baseline");
}

/**
 * As many days as the period has, ending on the day before it; without the session's own day, where
 * the period begins after one. @param {string} from @param {string} to @param {"since_session" | "period"} which
 */
function daysBefore(from, to, which) {
  const end = addDays(from, which === "since_session" ? -2 : -1);
  return span(addDays(end, -daysBetween(from, to)), end);
}
