// Sends the outbox, oldest first, until nothing is left that can be sent now.

import { change } from "./sync_book.js";
import { exchange, lookAtEpoch } from "./sync_exchange.js";
import { ask } from "./sync_outbox.js";
import { asking, carryOut, decide } from "./sync_outcome.js";

/** @import { Ground, Operation, Reason } from "./sync_types.js" */
/** @import { Answer } from "./sync_exchange.js" */
/** @import { Result } from "./sync_outcome.js" */
/** @import { Book } from "./sync_book.js" */
/** What stopped it: nothing, no answer, or a login that has ended. */
/** @typedef {{kind: "done", isAnyLeft?: boolean} | {kind: "later", toldMs: number} | {kind: "login"}} Stopped */

export const MOST_ITEMS = 400;
// Of the server's 1 MiB, with room for the envelope.
export const MOST_BYTES = 1_000_000;
// Two phones that edit one day at the same moment could meet again and again: they take a breath.
const MOST_MEETINGS = 8;
const ALL_OF_THEM = Infinity;
const BATCH = "/v1/me/checkins/batch";
const LOGIN = [401, 403];
const NOT_UNDERSTOOD = [400, 415, 422];
// One item may be at fault alone: the others must not wait for it.
const HALVED = [413, ...NOT_UNDERSTOOD];

/** @param {Ground} ground @returns {Promise<Stopped>} */
export async function sendAll(ground) {
  /** @type {Map<string, number>} how often each was answered without coming to an end */
  const tried = new Map();
  for (let most = MOST_ITEMS; ; ) {
    const batch = await change(ground.storage, ["meta", "op/"], (book) => takeBatch(book, most, tried));
    if (batch.items.length === 0) return { kind: "done", isAnyLeft: tried.size > 0 };
    const answer = await exchange(ground, BATCH, requestOf(batch, ground.clock()));
    const { status, epoch, serverNow, toldMs } = answer;
    const results = resultsOf(answer, batch.items);
    await lookAtEpoch(ground, epoch, serverNow);
    if (results) await change(ground.storage, ["meta", "op/", "day/", "card"], (book) => takeResults(book, results, answer, tried));
    else if (LOGIN.includes(status)) return { kind: "login" };
    else if (HALVED.includes(status) && batch.items.length > 1) most = Math.ceil(batch.items.length / 2);
    else if (status === 413) await giveUp(ground, batch.items, "too_large", answer);
    else if (NOT_UNDERSTOOD.includes(status)) await giveUp(ground, batch.items, "not_understood", answer);
    else return { kind: "later", toldMs };
  }
}

/** @typedef {{items: Record<string, any>[], epoch: string | null, device_id: string}} Batch */

/**
 * What is sent next, marked as sent before it leaves: of each day the oldest, all upon one history.
 * @param {Book} book @param {number} most @param {Map<string, number>} tried @returns {Batch}
 */
function takeBatch(book, most, tried) {
  const { epoch: known, device_id } = book.meta();
  /** @type {Set<string>} */
  const days = new Set();
  const items = [];
  let bytes = 0;
  /** @type {string | null | undefined} */
  let epoch;
  for (const op of book.operations()) {
    if ((op.state !== "pending" && op.state !== "sent") || days.has(op.date)) continue;
    days.add(op.date); // whatever follows of that day waits for its outcome
    if ((tried.get(op.root) ?? 0) >= MOST_MEETINGS) continue;
    if (op.base.revision > 0 && epoch !== undefined && epoch !== op.base.epoch) continue;
    const item = itemOf(op);
    bytes += new TextEncoder().encode(JSON.stringify(item)).length + 1;
    if (items.length > 0 && (items.length >= most || bytes > MOST_BYTES)) break;
    if (op.base.revision > 0) epoch = op.base.epoch;
    items.push(item);
    book.keep({ ...op, state: "sent", was_sent: true });
  }
  return { items, epoch: epoch === undefined ? known : epoch, device_id };
}

/** @param {Operation} op */
function itemOf({ op_id, date, base, answers, confirmed_lower, recorded_at, timezone }) {
  const named = { op_id, date, base_revision: base.revision };
  if (answers === null) return { ...named, delete: true };
  return { ...named, ...answers, recorded_at, timezone, ...(confirmed_lower ? { confirmed_lower } : {}) };
}

/** @param {Batch} batch @param {number} now */
function requestOf(batch, now) {
  const body = JSON.stringify({ ...batch, sent_at: new Date(now).toISOString() });
  return { method: "POST", headers: { "Content-Type": "application/json" }, body };
}

/** The results by their items; null where this is no answer to them. @param {Answer} answer @param {Batch["items"]} items @returns {Result[] | null} */
function resultsOf({ status, body }, items) {
  const results = status === 200 ? body?.results : null;
  const isAnswer = Array.isArray(results) && results.length === items.length;
  return isAnswer && items.every(({ op_id }, at) => results[at]?.op_id === op_id) ? results : null;
}

/** @param {Book} book @param {Result[]} results @param {Answer} answer @param {Map<string, number>} tried */
function takeResults(book, results, { body, epoch, serverNow }, tried) {
  const heard = { epoch, serverNow, at: new Date(serverNow).toISOString() };
  for (const result of results) {
    const op = book.named(result.op_id);
    if (op?.state !== "sent") continue; // another tab was first
    const becomes = decide(op, result, heard);
    carryOut(book, op, becomes, heard);
    if (becomes.kind === "later") tried.set(op.root, ALL_OF_THEM);
    else if (becomes.kind === "anew") tried.set(op.root, (tried.get(op.root) ?? 0) + 1);
    else tried.delete(op.root);
  }
  if (body.safety_card) book.put("card", body.safety_card);
}

/** Nothing is dropped: the patient sees it. @param {Ground} ground @param {Batch["items"]} items @param {Reason} reason @param {Answer} answer */
async function giveUp({ storage }, items, reason, { body }) {
  await change(storage, ["meta", "op/"], (book) => {
    for (const { op_id } of items) {
      const op = book.named(op_id);
      if (op?.state === "sent") ask(book, op, asking(reason, { problem: body }).question);
    }
  });
}
