// A day's answers in one form, so that equal ones are equal; and which of two answers is the later.

/** @import { DayAnswers, Touched } from "./sync_types.js" */

/** The answers a day can have, by the API's names; a test holds them to the contract. */
export const ANSWER_FIELDS = [
  "mood", "interest", "energy", "anxiety", "irritability", "sleep_hours", "sleep_quality",
  "suicidal_thoughts", "side_effects", "custom", "note",
];
const EARLIEST_DAY = "2020-01-01";
const CLOCK_AHEAD_TOLERANCE_MS = 48 * 3_600_000;

/**
 * Every answer, absent ones null; the server's own form of them.
 * @param {Record<string, any>} given a body, or a day as the server tells it
 * @returns {DayAnswers}
 */
export function normal(given) {
  const day = Object.fromEntries(ANSWER_FIELDS.map((field) => [field, given[field] ?? null]));
  const { side_effects: effects, custom, note } = day;
  if (effects !== null) day.side_effects = sortedEffects(effects);
  const measures = Object.entries(custom ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  day.custom = measures.length > 0 ? Object.fromEntries(measures) : null;
  day.note = (note ?? "").normalize("NFC").trim() || null;
  return day;
}

/** @param {{code: string, severity: number}[]} effects */
export function sortedEffects(effects) {
  const plain = effects.map(({ code, severity }) => ({ code, severity }));
  return plain.sort((one, other) => (one.code < other.code ? -1 : 1));
}

/** The answers of a day as the server tells it, null of a deleted one. @param {Record<string, any>} day */
export const answersOf = (day) => (day.deleted ? null : normal(day));

/** Whether two answers are the same; both in the normal form. @param {any} one @param {any} other */
export const areSame = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** The name an operation began with. @param {string} op_id */
export const rootOf = (op_id) => op_id.split(".", 1)[0] ?? "";

/**
 * Whether a device's clock cannot have been right, as the server judges it.
 * @param {string} recordedAt @param {number} serverNow milliseconds
 */
export function isSuspect(recordedAt, serverNow) {
  const [seconds] = moment(recordedAt);
  return seconds < Date.parse(EARLIEST_DAY) || seconds - serverNow > CLOCK_AHEAD_TOLERANCE_MS;
}

/**
 * Whether my answer is later than the stored one: by when they were recorded, then by name. A clock
 * that cannot be right loses, and what says of itself no time has none.
 * @param {{op_id: string, recorded_at: string}} mine
 * @param {Touched | undefined} theirs
 * @param {number} serverNow milliseconds
 */
export function isLater(mine, theirs, serverNow) {
  if (theirs === undefined || theirs.recorded_at === null) return true;
  const isMineSuspect = isSuspect(mine.recorded_at, serverNow);
  if (isMineSuspect !== theirs.clock_suspect) return theirs.clock_suspect;
  const [seconds, fraction] = moment(mine.recorded_at);
  const [theirSeconds, theirFraction] = moment(theirs.recorded_at);
  if (seconds !== theirSeconds) return seconds > theirSeconds;
  if (fraction !== theirFraction) return fraction > theirFraction;
  return rootOf(mine.op_id) > rootOf(theirs.op_id);
}

/**
 * An instant as milliseconds of its whole second, and what follows its point: Date forgets what is
 * finer than a millisecond, and then two devices could each believe itself the later.
 * @param {string} text
 * @returns {[number, string]}
 */
function moment(text) {
  const [, whole = "", fraction = "", zone = ""] = /^(.{19})(?:\.(\d+))?(.+)$/.exec(text) ?? [];
  return [Date.parse(whole + zone), fraction.padEnd(9, "0")];
}
