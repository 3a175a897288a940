// The shapes of the API's answers about windows that these pages read; openapi.yaml is the full promise.

/** @import { Effects, Measure, Summary } from "./types.js" */

/** @typedef {"worn_off" | "holding" | "no_response" | "insufficient"} State */
/** The latest day is null where it lies beyond the window. @typedef {[number, number | null]} DayInterval */
/** @typedef {{fraction: number, state: State, day: number | null, interval: DayInterval | null, p_worn_off: number | null}} Fraction */
/** @typedef {{state: State, reason: string | null, day: number | null, interval: DayInterval | null}} Rule */
/**
 * @typedef {object} WearOff
 * @property {State | null} state
 * @property {string | null} reason
 * @property {number | null} day
 * @property {DayInterval | null} interval
 * @property {number | null} p_responded
 * @property {number | null} p_worn_off
 * @property {Summary} gain
 * @property {"next_session" | "event" | null} censored_by
 * @property {string | null} censored_on
 * @property {number | null} watched_to
 * @property {Fraction[]} fractions
 * @property {Rule | null} rule
 */
/** @typedef {{session_id: string, days_compared: number, first_day: number | null, last_day: number | null, gain_difference: Summary, good_days_difference: Summary}} Compared */
/** @typedef {{code: string, label: string, worst_severity: number, resolved_day: number | null, interval: DayInterval | null, is_resolved: boolean | null, reason: string | null}} Recovery */
/** @typedef {{drug: string, route: string, dose_mg: number, mg_per_kg: number | null}} WindowDose */
/** @typedef {{highest_systolic_mmhg: number | null, highest_diastolic_mmhg: number | null, lowest_spo2_percent: number | null}} Vitals */
/**
 * The days from a session to the day before the next.
 * @typedef {object} Window
 * @property {string} session_id
 * @property {string} date
 * @property {number} number
 * @property {string} kind
 * @property {string} from
 * @property {string} to
 * @property {boolean} is_open
 * @property {number} days
 * @property {number | null} interval_days
 * @property {{session_id: string, date: string}[]} sessions
 * @property {string | null} route
 * @property {WindowDose[]} doses
 * @property {Summary} coverage
 * @property {Summary} level_before
 * @property {Summary} onset_day
 * @property {Summary} peak_gain
 * @property {number | null} peak_day
 * @property {Summary} area_per_day
 * @property {Summary} good_days
 * @property {{day: number, share: Summary}[]} gain_kept
 * @property {WearOff} wear_off
 * @property {Effects} side_effects
 * @property {Recovery[]} recovery
 * @property {Vitals} vitals
 * @property {{previous: Compared | null, best: Compared | null}} compared
 */
/** @typedef {{state: string, n: number, value: number | null, median: number | null, lower_quartile: number | null, upper_quartile: number | null, day_offset: number | null, reason: string | null}} SameDay */
/**
 * @typedef {object} TimeToWearOff
 * @property {"kaplan_meier" | "list"} method
 * @property {string | null} reason
 * @property {number} n_windows
 * @property {number} n_events
 * @property {Summary} median
 * @property {{day: number, at_risk: number, events: number, survival: number, interval: [number, number] | null}[]} steps
 * @property {{session_id: string, day: number, is_censored: boolean}[]} windows
 * @property {string} caution
 */
/** @typedef {{days_ago: number, day_offset: number | null, p_worse: number | null, reason: string | null}} Direction */
/** @typedef {{code: string, words: string, next_session: {session_id: string, date: string} | null, interval_days: number | null, n_windows: number, n_worn_off_before: number, n_held: number, usual_interval_days: number | null}} GapRisk */
/** @typedef {{value: string | number, n: number, wear_off_days: number[], median_gain: Summary}} Outcome */
/** @typedef {{drug: string, route: string, sessions: number, doses: number, total_mg: number, first: string, last: string}} Exposure */
/** @typedef {{source: string | null, from: string | null, to: string | null, level: Summary, reason: string | null}} Reference */
/** @typedef {Measure & {direction: string}} WindowMeasure */
/** What both documents begin with. @typedef {{method_version: string, thresholds: Record<string, unknown>, from: string, to: string, today: string, timezone: string, input_hash: string, measure: WindowMeasure, reference: Reference}} Stated */
/**
 * @typedef {Stated & {
 *   current: {session_id: string, date: string, day_offset: number, direction: Direction, same_day: SameDay} | null,
 *   windows: Window[],
 *   time_to_wear_off: TimeToWearOff,
 *   troughs: {levels: {session_id: string, date: string, level: Summary}[], slope_per_week: Summary},
 *   outcomes: {route: Outcome[], dose_mg_per_kg: Outcome[], interval_days: Outcome[], reason: string | null},
 *   gap_risk: GapRisk,
 *   exposure: Exposure[],
 * }} Windows
 */
/** @typedef {{day_offset: number, value: number, pre_dose: boolean | null}} CurvePoint */
/** @typedef {{day_offset: number, n: number, median: number | null, lower_quartile: number | null, upper_quartile: number | null}} Usual */
/** @typedef {{day_offset: number, level: number, low: number, high: number}} Level */
/**
 * @typedef {Stated & {
 *   current: {session_id: string, date: string, ribbon: Level[]} | null,
 *   windows: {session_id: string, date: string, is_current: boolean, points: CurvePoint[]}[],
 *   band: Usual[],
 * }} ResponseCurve
 */

export {};
