// What the figures of windows say in words. Every number in them is the API's.

import { counted, list, number, percent, plain, shortDay, span } from "./format.js";
import { because } from "./reasons.js";

/** @import { Summary } from "./types.js" */
/** @import { DayInterval, Direction, Recovery, SameDay, TimeToWearOff, WearOff, Window, WindowDose, Windows } from "./window_types.js" */

/** "11 to 18", "11 or later" @param {DayInterval} interval */
export const days = ([low, high]) => (high === null ? `${low} or later` : low === high ? `${low}` : `${low} to ${high}`);

/** "day 14 (11 to 18)" @param {number} day @param {DayInterval | null} interval */
export const dayOf = (day, interval) => `day ${day}${interval === null ? "" : ` (${days(interval)})`}`;

/** "ketamine 35 mg (0.5 mg/kg)" @param {WindowDose[]} doses */
export function given(doses) {
  const told = doses.map(({ drug, dose_mg, mg_per_kg }) => `${drug} ${number(dose_mg, 2)} mg${mg_per_kg === null ? "" : ` (${number(mg_per_kg, 2)} mg/kg)`}`);
  return told.join(" + ") || "dose not recorded";
}

/**
 * Whether a window's gain wore off, in a table's cell. How likely it is stands beside a day, for a
 * day that is as likely as not looks like any other. @param {WearOff} told @param {{is_open: boolean, days: number}} window
 */
export function wearOffWords(told, window) {
  if (told.state === "worn_off" && told.day !== null) return `half gone about ${dayOf(told.day, told.interval)}${told.p_worn_off === null ? "" : `, ${likely(told.p_worn_off)}`}`;
  if (told.state === "holding") return `held ${until(told, window)}`;
  if (told.state === "no_response") return "no measurable gain";
  if (told.state === "insufficient") return `cannot tell: ${because(told.reason ?? "too_few_days")}`;
  return because(told.reason ?? "");
}

/** Whoever stopped logging has not kept the gain. @param {WearOff} told @param {{is_open: boolean, days: number}} window */
function until({ censored_by, censored_on, watched_to }, { is_open, days: length }) {
  if (watched_to !== null && watched_to < length && censored_by !== "event") return `to day ${watched_to}, the last day logged`;
  if (censored_by === "event" && censored_on !== null) return `until an event on ${shortDay(censored_on)}`;
  return is_open ? "until today" : "until the next session";
}

/** The window the patient is in. @param {Windows} told @returns {Window | undefined} */
export const currentWindow = ({ current, windows }) => windows.find(({ session_id }) => session_id === current?.session_id);

/** Where in the window the patient is, and how all of the earlier ones went. @param {Windows} told */
export function whereNow(told) {
  if (told.current === null) return "No session yet";
  const since = `Day ${told.current.day_offset} since the last session`;
  // A window that ended too soon to tell is in no count: its state is null.
  const earlier = told.windows.filter(({ session_id, wear_off }) => session_id !== told.current?.session_id && wear_off.state !== null);
  return earlier.length === 0 ? since : `${since}; ${beforeWords(earlier, told.time_to_wear_off, told.current.session_id)}`;
}

/** Every earlier window is in one of the counts. @param {Window[]} earlier @param {TimeToWearOff} times @param {string} current */
function beforeWords(earlier, times, current) {
  const [wornOff, held, none] = ["worn_off", "holding", "no_response"].map((state) => earlier.filter(({ wear_off }) => wear_off.state === state));
  const [worn, kept, without] = [wornOff, held, none].map((windows) => windows?.length ?? 0);
  const cannot = earlier.length - (worn ?? 0) - (kept ?? 0) - (without ?? 0);
  const parts = [];
  if (worn) parts.push(`${worn} had worn off${onDay(wornOff ?? [], times, current)}`);
  else if (kept) parts.push("none had worn off");
  if (kept) parts.push(`${kept} held`);
  if (without) parts.push(`${without} had no measurable gain`);
  if (cannot) parts.push(`${cannot} cannot tell`);
  return `of ${counted(earlier.length, "earlier window")} ${parts.join(", ")}`;
}

/** The median day, where there is one, or the days themselves. @param {Window[]} wornOff @param {TimeToWearOff} times @param {string} current */
function onDay(wornOff, { median, windows }, current) {
  const isAmong = windows.some(({ session_id }) => session_id === current);
  if (median.value !== null) return ` about day ${number(median.value)}${isAmong ? " (the median of all windows so far)" : ""}`;
  const on = wornOff.map(({ wear_off }) => wear_off.day).filter((day) => day !== null).sort((one, other) => one - other);
  return `, on day ${list(on)}`;
}

/** Did it work, does it last: one sentence of numbers, of the newest window that can tell. @param {Windows} told */
export function answer(told) {
  const window = currentWindow(told);
  if (window === undefined) return "There is nothing to measure from before the first session.";
  const here = sentence(window, told);
  const before = told.windows[told.windows.indexOf(window) + 1];
  if (window.wear_off.state !== "insufficient" || before === undefined) return here;
  return `${here} ${sentence(before, told)}`;
}

/** @param {Window} window @param {Windows} told */
function sentence(window, told) {
  const { wear_off, date, is_open } = window;
  const after = `After the session on ${shortDay(date)}`;
  if (wear_off.state === null) return `${after}: ${because(wear_off.reason ?? "")}. ${troughWords(told)}`;
  if (wear_off.state === "insufficient") {
    return `${after} nothing can be told${is_open ? " yet" : ""}: ${because(wear_off.reason ?? "too_few_days")} (${loggedWords(window)}).`;
  }
  const gain = points(wear_off.gain, told);
  if (wear_off.state === "no_response") return `${after} there was no measurable gain${told.reference.source === "pre_session" ? " over the usual level before a session" : ""}: ${gain}.`;
  const worked = `${after} the gain was ${gain}`;
  if (wear_off.state === "worn_off" && wear_off.day !== null) return `${worked}; half of it was gone about ${dayOf(wear_off.day, wear_off.interval)}.`;
  const kept = window.gain_kept.findLast(({ share }) => share.value !== null);
  const share = kept === undefined ? "" : `; on day ${kept.day} ${percent(/** @type {number} */ (kept.share.value))} of it was there`;
  const { watched_to } = wear_off;
  const by = watched_to !== null && watched_to < window.days ? `day ${watched_to}, the last day logged,` : is_open ? `day ${window.days}` : "the next session";
  return `${worked}; by ${by} half of it was not seen to be gone (${loggedWords(window)})${share}.`;
}

/** "18 of 22 days logged": what a statement that nothing was seen rests on. @param {Window} window */
const loggedWords = ({ coverage }) => `${coverage.n_observed} of ${counted(coverage.n_expected, "day")} logged`;

/** "3.2 points (2.5 to 3.9)" @param {Summary} gain @param {Windows} told */
function points({ value, interval, reason }, { measure }) {
  if (value === null) return because(reason ?? "");
  const between = interval === null ? "" : ` (${number(interval[0])} to ${number(interval[1])})`;
  return `${number(value)} ${measure.unit ?? "points"}${between}`;
}

/** @param {Windows} told */
function troughWords({ troughs, measure }) {
  const newest = troughs.levels.findLast(({ level }) => level.value !== null);
  if (newest === undefined) return "";
  return `Before the session on ${shortDay(newest.date)} the level was ${number(/** @type {number} */ (newest.level.value))} of ${number(measure.maximum)}.`;
}

/** How long a side effect lasted. @param {Recovery} told */
export function recoveryWords({ is_resolved, resolved_day, interval, reason }) {
  if (is_resolved && resolved_day !== null) return `gone by ${dayOf(resolved_day, interval)}`;
  if (is_resolved === false) return "still there when last asked";
  return because(reason ?? "too_few_days");
}

/** Today beside earlier windows on the same day. @param {SameDay} told */
export function sameDayWords({ state, n, reason, day_offset }) {
  const others = `${counted(n, "earlier window")} on day ${day_offset}`;
  if (state === "usual") return `Not unusual beside ${others}`;
  if (state === "below_usual") return `Lower than usual beside ${others}: below their middle half, and clearly under their median`;
  if (state === "above_usual") return `Higher than usual beside ${others}: above their middle half, and clearly over their median`;
  return `Cannot be compared: ${because(reason ?? "too_few_windows")} (${counted(n, "earlier window")} with that day)`;
}

/** Whereto the level goes. @param {Direction} told */
export function directionWords({ days_ago, day_offset, p_worse, reason }) {
  if (p_worse === null) return `Against ${days_ago} days before: ${because(reason ?? "too_few_days")}`;
  return `Worse on day ${day_offset} than ${days_ago} days before: ${likely(p_worse)}`;
}

/** A probability as its percentage; what is nearly sure is not called sure. @param {number} share */
function likely(share) {
  const percent = Math.round(100 * share);
  return percent >= 99 ? "more than 98 % likely" : percent <= 1 ? "less than 2 % likely" : `${percent} % likely`;
}

const SOURCES = /** @type {Record<string, string>} */ ({ course: "the days before the course", imported: "imported days", pre_session: "the days before the patient's own sessions" });

/** What gains are counted from. @param {Windows} told */
export function referenceWords({ reference, measure }) {
  const { source, from, to, level, reason } = reference;
  if (source === null || level.value === null) return `No level to count gains from: ${because(reason ?? level.reason ?? "no_baseline")}.`;
  const when = from !== null && to !== null ? `, ${span(from, to)}` : "";
  return `Gains are counted from ${number(level.value, 2)} of ${number(measure.maximum)}: the level of ${SOURCES[source] ?? plain(source)}${when}.`;
}
