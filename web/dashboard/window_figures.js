// What each number of a window is called, how it is made, and how it is written in the table.

import { fixed, number, percent, signed } from "../lib/format.js";

/** @import { Summary } from "../lib/types.js" */
/** @import { Window } from "../lib/window_types.js" */
/**
 * @typedef {object} WindowFigure
 * @property {string} key
 * @property {string} head
 * @property {string} name
 * @property {string} how
 * @property {string[]} thresholds
 * @property {(window: Window) => Summary} of
 * @property {(value: number) => string} write
 * @property {(window: Window) => string | null} [under] in small below it, instead of the interval
 * @property {string} [interval] what the interval covers
 */

const GAIN = ["baseline_days", "baseline_minimum_days", "baseline_import_days", "pre_session_minimum_sessions"];
const EARLY = ["early_days", "early_minimum_days", "measurable_gain"];
const SMOOTH = [
  ...EARLY, "wear_off_first_days", "wear_off_earliest_day", "wear_off_minimum_days", "wear_off_likely", "wear_off_confidence",
  "smoother_length_scale_days", "smoother_level_sd", "smoother_noise_sd", "smoother_noise_lag_1", "smoother_slope_sd_per_day", "smoother_draws",
];

/** The names of the thresholds that bear on a wear-off day. */
export const WEAR_OFF = [...GAIN, ...SMOOTH, "median_days", "median_minimum_days", "short_interval_days"];

/** @type {Summary} */
const NOT_TOLD = { value: null, n_observed: 0, n_expected: 0, longest_gap_days: null, interval: null, reason: "window_too_short" };

/** @param {number} day @returns {WindowFigure} */
const kept = (day) => ({
  key: `kept_${day}`, head: `Day ${day}`, name: `Gain kept on day ${day}`,
  how: "The smoothed level's gain on that day, as a share of the gain in the first three days. Told only where there was a measurable gain.",
  thresholds: SMOOTH, of: ({ gain_kept }) => gain_kept.find((one) => one.day === day)?.share ?? NOT_TOLD,
  write: percent, interval: "80 % interval",
});

/** @type {WindowFigure[]} */
export const GAINS = [
  {
    key: "gain", head: "Gain", name: "Gain", thresholds: [...GAIN, ...SMOOTH],
    how: "The reference level less the smoothed level of days 1 to 3, turned so that more is better. Day 0 is not counted.",
    of: ({ wear_off }) => wear_off.gain, write: signed, interval: "80 % interval",
  },
  {
    key: "peak_gain", head: "Peak", name: "Peak gain", thresholds: [...GAIN, "median_days", "median_minimum_days"],
    how: "The best median of three days in a row, against the reference level.",
    of: ({ peak_gain }) => peak_gain, write: signed, under: ({ peak_day }) => (peak_day === null ? null : `day ${peak_day}`),
  },
  {
    key: "good_days", head: "Good days", name: "Good days", thresholds: ["good_day_at_most", "confidence"],
    how: "Logged days in the good range, of all logged days; its interval is Wilson's.",
    of: ({ good_days }) => good_days, write: percent,
    under: ({ good_days: { n_observed, interval } }) => `of ${n_observed}${interval ? `, ${number(100 * interval[0], 0)} to ${percent(interval[1])}` : ""}`,
  },
];

export const KEPT = [7, 14, 21].map(kept);

/** @type {WindowFigure} */
export const COVERAGE = {
  key: "coverage", head: "Logged", name: "Days logged", thresholds: [],
  how: "Days with a value, of all days of the window so far.", of: ({ coverage }) => coverage, write: percent,
};

/** A figure as it stands in the table. @param {WindowFigure} figure @param {Window} window */
export function written(figure, window) {
  const { value, n_observed, n_expected } = figure.of(window);
  if (figure.key === "coverage") return `${n_observed}/${n_expected}`;
  return value === null ? "–" : figure.write(value);
}

/** @param {WindowFigure} figure @param {[number, number]} interval */
export function writtenInterval({ write }, [low, high]) {
  return write === percent ? `${number(100 * low, 0)} to ${percent(high)}` : `${fixed(low)} to ${fixed(high)}`;
}
