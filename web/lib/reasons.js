// Why a number is absent, in words.

/** @import { Summary } from "./types.js" */

/** @type {Record<string, string>} */
const REASONS = {
  no_days_expected: "no day to expect yet",
  no_session: "no session yet",
  no_day_since_session: "no day since the session yet",
  session_too_long_ago: "the session is too long ago",
  too_few_days: "too few days",
  too_sparse: "too few of the days logged",
  too_short_a_span: "days too close together",
  too_few_days_before: "too few days before",
  no_baseline: "no baseline",
  too_few_baseline_days: "too few baseline days",
  too_few_early_days: "too few of the first days",
  no_measurable_gain: "no measurable gain",
  no_onset_seen: "no onset seen",
  window_too_short: "not so many days",
  after_an_event: "after something else began",
  not_logged_so_long: "not logged so long",
  interval_too_short: "sessions too close together to tell a wear-off day",
  too_few_common_days: "too few common days",
  too_few_windows: "too few windows",
  too_few_events: "too few windows wore off",
  all_censored: "no window wore off",
  median_not_reached: "most windows held",
  no_stable_stretch: "no stable stretch",
  still_present: "still there when last asked",
  no_spread: "all days are alike",
};

/** @param {string} code */
export const because = (code) => REASONS[code] ?? code.replaceAll("_", " ");

/**
 * The same of a number with its days: how many there were, for a record may begin within the period,
 * and a day before it was not missed. @param {Summary} summary @param {string} done to a day that counts
 */
export function whyAbsent({ reason, n_observed, n_expected }, done = "logged") {
  return reason === "too_sparse" ? `${n_observed} of ${n_expected} days ${done}` : because(reason ?? "");
}
