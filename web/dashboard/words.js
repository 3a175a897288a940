// What each number of a period is called, and how it is made. The numbers are the API's.

/**
 * @typedef {object} FigureWords
 * @property {string} key
 * @property {string} head
 * @property {string} name
 * @property {string} how
 * @property {string[]} thresholds the names of those that bear on it
 */

const LEVEL = ["level_minimum_days", "level_minimum_coverage"];
const CHANGE = [...LEVEL, "lag_1_minimum_pairs", "lag_1_default", "lag_1_maximum", "confidence"];

/** @type {FigureWords[]} */
export const FIGURES = [
  { key: "mean", head: "Mean", name: "Mean", how: "The sum of the logged days' values, divided by how many there are.", thresholds: LEVEL },
  { key: "median", head: "Median", name: "Median", how: "The middle one of the logged days' values.", thresholds: LEVEL },
  { key: "standard_deviation", head: "Spread", name: "Spread", how: "The standard deviation of the logged days, with n − 1 below the line.", thresholds: LEVEL },
  { key: "slope_per_week", head: "Slope a week", name: "Slope a week", how: "Theil–Sen: the median slope of all pairs of logged days, times seven.", thresholds: ["slope_minimum_days", "slope_minimum_span_days", "slope_window_days", "confidence"] },
  { key: "change_to_previous", head: "To the time before", name: "Change to the time before", how: "The mean, less the mean of as many days before.", thresholds: CHANGE },
  { key: "change_to_baseline", head: "To baseline", name: "Change to baseline", how: "The mean, less the mean of the baseline: the days before the course's first session.", thresholds: ["baseline_days", "baseline_minimum_days", "baseline_import_days", ...CHANGE] },
  { key: "last", head: "Last", name: "Last value", how: "The value of the last logged day.", thresholds: [] },
  { key: "coverage", head: "Logged", name: "Days logged", how: "Days with a value, of all days up to today on which there could be one.", thresholds: [] },
];
