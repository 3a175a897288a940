// What the result of one operation does to it; the cases are in tests/sync_vectors.json.

import { answersOf } from "./sync_answers.js";
import { merge } from "./sync_merge.js";
import { acknowledge, ask, offerAnew } from "./sync_outbox.js";

/** @import { Book } from "./sync_book.js" */
/** @import { Base, CurrentDay, DayAnswers, Operation, Question, Reason } from "./sync_types.js" */
/** @import { Both } from "./sync_merge.js" */
/** @typedef {{epoch: string | null, serverNow: number, at: string}} Heard */
/** @typedef {{op_id: string, status: string, revision: number | null, current: CurrentDay | null, problem: Record<string, any> | null}} Result */
/**
 * @typedef {{kind: "acked", revision: number, answers?: DayAnswers | null, op_id?: string | null, was_gone?: boolean, both?: Both[]}
 *   | {kind: "anew", base: Base, answers?: DayAnswers | null, confirmed_lower?: boolean, both?: Both[]}
 *   | {kind: "ask", question: Question}
 *   | {kind: "later"}} Becomes
 */

/**
 * What becomes of an operation; pure.
 * @param {Operation} op @param {Result} result @param {Heard} heard
 * @returns {Becomes}
 */
export function decide(op, { status, revision, current, problem }, heard) {
  if ((status === "applied" || status === "duplicate") && revision !== null) return { kind: "acked", revision };
  if (status === "conflict" && current !== null) return meet(op, current, heard);
  if (status === "gone") return lose(op, heard);
  if (status === "rejected" || status === "mismatch") return asking(status, { problem });
  return { kind: "later" }; // `retry`, or what a newer server says
}

/** @param {Operation} op @param {CurrentDay} current @param {Heard} heard @param {"mine" | "theirs" | null} [lower] @returns {Becomes} */
function meet(op, current, heard, lower = null) {
  const merged = merge(op.base.answers, op, current, heard.serverNow, lower);
  const base = baseOf(current, heard.epoch);
  if (merged.kind === "settled") return { kind: "acked", ...base, both: merged.both };
  if (merged.kind === "delete") return { kind: "anew", base };
  if (merged.kind === "ask") return asking(merged.reason, { current, epoch: heard.epoch });
  const { answers, confirmed_lower, both } = merged;
  return { kind: "anew", base, answers, confirmed_lower, both };
}

/** Nothing is stored of the day. @param {Operation} op @param {Heard} heard @returns {Becomes} */
function lose(op, { epoch }) {
  if (op.answers === null) return { kind: "acked", revision: 0, was_gone: true };
  if (op.base.epoch === epoch) return asking("gone", {});
  return { kind: "anew", base: { ...op.base, revision: 0, epoch } };
}

/** @param {CurrentDay} current @param {string | null} epoch @returns {Base} */
function baseOf(current, epoch) {
  return { revision: current.revision, answers: answersOf(current), epoch, op_id: current.op_id };
}

/** @param {Reason} reason @param {Partial<Question>} more @returns {{kind: "ask", question: Question}} */
export function asking(reason, more) {
  return { kind: "ask", question: { reason, current: null, epoch: null, problem: null, ...more } };
}

/** @param {Book} book @param {Operation} op @param {Becomes} becomes @param {Heard} heard */
export function carryOut(book, op, becomes, { epoch, at }) {
  if (becomes.kind === "later") return book.keep({ ...op, state: "pending" });
  if (becomes.kind === "ask") return ask(book, op, becomes.question);
  if (becomes.both?.length) book.put(`both/${op.op_id}`, { id: op.op_id, date: op.date, fields: becomes.both });
  if (becomes.kind === "acked") {
    const { revision, answers = op.answers, op_id = op.op_id, was_gone = false } = becomes;
    return acknowledge(book, op, { revision, epoch, at, answers, op_id, was_gone });
  }
  const { base, answers = op.answers, confirmed_lower = op.confirmed_lower } = becomes;
  offerAnew(book, op, { base, answers, confirmed_lower });
}

/**
 * The patient has said which stands. `mine` is offered once more upon what is stored now; with
 * `theirs` this device lets go of what it has, but for the other answers of a day whose safety
 * answer was not to be lowered.
 * @param {Book} book @param {Operation} op @param {"mine" | "theirs"} choice @param {Heard} heard
 */
export function settle(book, op, choice, heard) {
  const { reason, current, epoch } = /** @type {Question} */ (op.question);
  const then = { ...heard, epoch };
  if (reason === "lower" && current) return carryOut(book, op, meet(op, current, then, choice), then);
  if (choice === "theirs") return book.drop(op);
  if (reason === "gone") return offerAnew(book, op, { base: { ...op.base, revision: 0, epoch: heard.epoch } });
  offerAnew(book, op, { base: current ? baseOf(current, epoch) : op.base });
}
