// Merges an edit that met another state of its day, answer by answer. Pure; the cases are in
// tests/sync_vectors.json.

import { answersOf, areSame, isLater, normal, sortedEffects } from "./sync_answers.js";

/** @import { CurrentDay, DayAnswers } from "./sync_types.js" */
/**
 * @typedef {object} Mine
 * @property {string} op_id
 * @property {DayAnswers | null} answers null: a deletion
 * @property {string} recorded_at
 * @property {boolean} confirmed_lower
 */
/** An answer that both changed, and which one stands now. */
/** @typedef {{field: string, mine: any, theirs: any, stands: any}} Both */
/**
 * What it comes to: `send` these answers upon the current revision, `settled` because the stored day
 * says it all, `delete` once more, or `ask` the patient.
 * @typedef {{kind: "send", answers: DayAnswers, confirmed_lower: boolean, both: Both[]}
 *   | {kind: "settled", both: Both[]} | {kind: "delete"}
 *   | {kind: "ask", reason: "deleted" | "changed" | "lower"}} Merged
 */

// From the least to the most. Of these only the last three are never taken back unasked.
const THOUGHTS = [null, "none", "declined", "fleeting", "often", "most_of_the_time"];
const FIRST_SERIOUS = THOUGHTS.indexOf("fleeting");

/**
 * @param {DayAnswers | null} base the day the edit began with
 * @param {Mine} mine
 * @param {CurrentDay} current
 * @param {number} serverNow milliseconds
 * @param {"mine" | "theirs" | null} [lower] what the patient said, once asked
 * @returns {Merged}
 */
export function merge(base, mine, current, serverNow, lower = null) {
  const theirs = answersOf(current);
  if (mine.answers === null) return deletion(base, theirs);
  if (theirs === null) return { kind: "ask", reason: "deleted" };
  const before = normal(base ?? {});
  const ours = normal(mine.answers);
  const answers = { ...theirs };
  for (const field of Object.keys(ours)) {
    const isMineLater = () => isLater(mine, current.touched[field], serverNow);
    answers[field] = one(field, [before[field], ours[field], theirs[field]], isMineLater);
  }
  const thoughts = ours.suicidal_thoughts;
  const taking = takesBack(before.suicidal_thoughts, thoughts, theirs.suicidal_thoughts);
  const isAgreed = lower === "mine" || (mine.confirmed_lower && areSame(before.suicidal_thoughts, theirs.suicidal_thoughts));
  if (taking && !isAgreed && lower === null) return { kind: "ask", reason: "lower" };
  if (taking && isAgreed) answers.suicidal_thoughts = thoughts;
  const both = contested(before, ours, theirs, answers);
  if (areSame(answers, theirs)) return { kind: "settled", both };
  return { kind: "send", answers, confirmed_lower: taking && isAgreed, both };
}

/** A deletion of what others changed meanwhile is asked about. @param {DayAnswers | null} base @param {DayAnswers | null} theirs @returns {Merged} */
function deletion(base, theirs) {
  if (theirs === null) return { kind: "settled", both: [] };
  const isUnchanged = base !== null && areSame(normal(base), theirs);
  return isUnchanged ? { kind: "delete" } : { kind: "ask", reason: "changed" };
}

/** @typedef {[any, any, any]} Three of one answer: before, mine, theirs */

/** @param {string} field @param {Three} values @param {() => boolean} isMineLater */
function one(field, values, isMineLater) {
  const [before, mine, theirs] = values;
  if (areSame(mine, before)) return theirs;
  if (field === "suicidal_thoughts") return thoughtsOf(before, mine, theirs);
  if (field === "custom") return customOf(values, isMineLater);
  if (!isContested(...values)) return mine;
  if (field === "side_effects") return union(mine ?? [], theirs ?? []);
  return isMineLater() ? mine : theirs;
}

/** Whether both sides changed it, and to different values. @param {any} before @param {any} mine @param {any} theirs */
function isContested(before, mine, theirs) {
  return !areSame(mine, before) && !areSame(theirs, before) && !areSame(mine, theirs);
}

/** What I alone changed, unless it takes something back; else the higher. @param {string | null} before @param {string | null} mine @param {string | null} theirs */
function thoughtsOf(before, mine, theirs) {
  if (areSame(theirs, before) && !isLower(theirs, mine)) return mine;
  return rank(mine) > rank(theirs) ? mine : theirs;
}

/** @param {string | null} thoughts */
const rank = (thoughts) => THOUGHTS.indexOf(thoughts);

/** Whether the server takes it in place of the other only when confirmed. @param {string | null} stored @param {string | null} told */
const isLower = (stored, told) => rank(stored) >= FIRST_SERIOUS && rank(told) < rank(stored);

/**
 * Whether my edit meant to say less than it found, and than is stored. Saying nothing takes nothing back.
 * @param {string | null} before @param {string | null} mine @param {string | null} theirs
 */
function takesBack(before, mine, theirs) {
  return mine !== null && mine !== "declined" && isLower(before, mine) && isLower(theirs, mine);
}

/** The clinic's own measures, each an answer of its own. @param {Three} values @param {() => boolean} isMineLater */
function customOf(values, isMineLater) {
  const [before, mine, theirs] = values.map((value) => value ?? {});
  /** @type {Record<string, any>} */
  const merged = {};
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const isMine = isContested(before[key], mine[key], theirs[key]) ? isMineLater() : !areSame(mine[key], before[key]);
    const side = isMine ? mine : theirs;
    if (key in side) merged[key] = side[key];
  }
  return normal({ custom: merged }).custom;
}

/** @param {{code: string, severity: number}[]} mine @param {{code: string, severity: number}[]} theirs */
function union(mine, theirs) {
  /** @type {Map<string, number>} */
  const worst = new Map();
  for (const { code, severity } of [...mine, ...theirs]) worst.set(code, Math.max(severity, worst.get(code) ?? 0));
  return sortedEffects([...worst].map(([code, severity]) => ({ code, severity })));
}

/** What both changed, to show it once. @param {DayAnswers} before @param {DayAnswers} mine @param {DayAnswers} theirs @param {DayAnswers} stands @returns {Both[]} */
function contested(before, mine, theirs, stands) {
  const fields = Object.keys(mine).filter((field) => isContested(before[field], mine[field], theirs[field]));
  return fields.map((field) => ({ field, mine: mine[field], theirs: theirs[field], stands: stands[field] }));
}
