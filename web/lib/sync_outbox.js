// What one edit does to the outbox, and what its outcome does: each a change of one open book.

import { areSame, normal } from "./sync_answers.js";

/** @import { Book } from "./sync_book.js" */
/** @import { Base, DayAnswers, Edit, KnownDay, Operation, Question, ShownDay } from "./sync_types.js" */

/** The day as it is shown: what was said last here, else what the server told. @param {Book} book @param {string} date @returns {ShownDay} */
export function shownDay(book, date) {
  const last = book.liveOf(date).at(-1);
  const known = book.day(date);
  // What is only offered again must not hide what others have said since.
  const isHealing = last?.acked && known && known.epoch !== book.meta().epoch;
  if (last && !isHealing) {
    const { answers, op_id, base } = last;
    const state = last.state === "attention" ? "attention" : "phone";
    return { date, answers, state, base: { ...base, answers, op_id, over: op_id } };
  }
  const { revision = 0, answers = null, epoch = null, op_id = null } = known ?? {};
  return { date, answers, state: answers === null ? "none" : "synced", base: { revision, answers, epoch, op_id, over: op_id } };
}

/**
 * Keeps an edit; without answers it is a deletion. One of the same day that was never sent, or not
 * taken, is replaced when this one was made from it; what may have arrived stays as it is, in front.
 * @param {Book} book
 * @param {Omit<Edit, "answers"> & {answers: DayAnswers | null}} edit
 * @param {{root: string, at: string}} named
 */
export function keepEdit(book, { date, answers, timezone, base, confirmed_lower = false }, { root, at }) {
  const made = base.over === null ? undefined : book.named(base.over);
  const replaced = made && isReplaceable(made) ? made : null;
  const found = replaced ? replaced.base : foundBase(base, made);
  if (answers === null && !replaced && found.answers === null) return; // there is nothing to delete
  if (answers === null && replaced && found.answers === null) return book.drop(replaced);
  const seq = replaced?.seq ?? book.meta().next_seq;
  if (!replaced) book.note({ next_seq: seq + 1 });
  book.keep({
    seq, root, date, timezone, confirmed_lower, tries: 0, op_id: root, recorded_at: at, waiting_since: at,
    answers: answers && normal(answers),
    base: found,
    over: replaced ? replaced.over : base.over,
    earlier: replaced ? [...replaced.earlier, { op_id: replaced.op_id, base: replaced.base }] : [],
    state: "pending", was_sent: false, acked: null, question: null,
  });
}

/** @param {Operation} op */
const isReplaceable = (op) => op.state === "attention" || (op.state === "pending" && !op.was_sent);

/** @param {ShownDay["base"]} base @param {Operation | undefined} made @returns {Base} */
function foundBase({ revision, answers, epoch, op_id }, made) {
  if (!made?.acked || made.state !== "acked") return { revision, answers, epoch, op_id };
  return { revision: made.acked.revision, answers, epoch: made.acked.epoch, op_id };
}

/**
 * The server has it. What was made from it stands upon it from now.
 * @param {Book} book @param {Operation} op
 * @param {{revision: number, epoch: string | null, at: string, answers: DayAnswers | null, op_id: string | null, was_gone: boolean}} outcome
 */
export function acknowledge(book, op, { revision, epoch, at, answers, op_id, was_gone }) {
  book.keep({ ...op, state: "acked", acked: { revision, epoch, at, was_gone }, question: null });
  for (const later of book.liveOf(op.date)) {
    const isUpon = later.over !== null && baseBeneath(op, later.over) !== undefined;
    if (!isUpon || !areSame(later.base.answers, answers)) continue;
    book.keep({ ...later, base: { ...later.base, revision, epoch, op_id } });
  }
  const known = book.day(op.date);
  // What was offered again says nothing of what others have said since: that is read next.
  const isNews = !known || (!op.acked && (known.epoch !== epoch || known.revision < revision));
  if (was_gone) book.forget(op.date);
  else if (isNews) {
    book.learn({ date: op.date, revision, answers, epoch, op_id, pass: book.meta().pass });
  }
}

/** The same edit under its next name, upon another state of the day. @param {Book} book @param {Operation} op @param {Partial<Operation> & {base: Base}} changes */
export function offerAnew(book, op, changes) {
  const tries = op.tries + 1;
  book.keep({
    ...op, ...changes, tries, op_id: `${op.root}.${tries}`, state: "pending", was_sent: false, question: null, acked: null,
    earlier: [...op.earlier, { op_id: op.op_id, base: op.base }],
  });
}

/**
 * It waits for the patient, unless they have already said anew what it said: then that takes its place.
 * @param {Book} book @param {Operation} op @param {Question} question
 */
export function ask(book, op, question) {
  const later = book.liveOf(op.date).find((other) => other.seq > op.seq && !other.was_sent && other.over !== null && baseBeneath(op, other.over));
  if (!later) return book.keep({ ...op, state: "attention", question, acked: null });
  const base = /** @type {Base} */ (baseBeneath(op, /** @type {string} */ (later.over)));
  book.drop(op);
  book.keep({ ...later, base, over: op.over, earlier: [...op.earlier, { op_id: op.op_id, base: op.base }] });
}

/** What an operation stood upon while it had that name. @param {Operation} op @param {string} op_id */
function baseBeneath(op, op_id) {
  return op.op_id === op_id ? op.base : op.earlier.find((before) => before.op_id === op_id)?.base;
}

/**
 * Another history: what was acknowledged in the one before is offered again, each under its own name,
 * oldest first: what the server still has it answers as a duplicate. Not only the last of a day: the
 * others say which answers of it are this device's, and not what somebody took away.
 * @param {Book} book @param {string} epoch @param {string} at
 */
export function hearEpoch(book, epoch, at) {
  const before = book.meta().epoch;
  if (before === epoch) return;
  book.note({ epoch });
  if (before === null) return;
  readFromTheStart(book);
  for (const op of book.operations()) {
    if (op.state !== "acked" || op.acked?.epoch === epoch) continue;
    book.keep({ ...op, state: "pending", was_sent: true, waiting_since: at, base: { ...op.base, revision: 0 } });
  }
}

/** @param {Book} book */
export function readFromTheStart(book) {
  book.note({ cursor: null, pass: book.meta().pass + 1, is_sweeping: true });
}

/** @param {Book} book @param {KnownDay} day what the server tells @returns {boolean} whether there is something to send now */
export function learnDay(book, day) {
  book.learn(day);
  const last = book.operations().filter((op) => op.date === day.date).at(-1);
  // A phone that had not heard of my deletion brought back, after a restore, what I had deleted.
  const isUndone = last?.state === "acked" && last.acked?.was_gone && day.answers !== null && day.op_id === last.base.op_id;
  if (!isUndone) return false;
  const { revision, answers, epoch, op_id } = day;
  offerAnew(book, last, { base: { revision, answers, epoch, op_id } });
  return true;
}
