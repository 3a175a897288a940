// Learns what others changed, page by page; from the start where the cursor is not taken any more.

import { answersOf } from "./sync_answers.js";
import { change, open } from "./sync_book.js";
import { exchange, lookAtEpoch } from "./sync_exchange.js";
import { learnDay, readFromTheStart } from "./sync_outbox.js";

/** @import { Ground } from "./sync_types.js" */
/** @import { Book } from "./sync_book.js" */
/** @import { Answer } from "./sync_exchange.js" */
/** @import { Stopped } from "./sync_sender.js" */

const MOST_CHANGES = 200;
const CHANGES = "/v1/me/changes";
// As long as the oldest backup that may be restored (u).
export const KEPT_FOR_MS = 35 * 86_400_000;

/** `anew`: there is something to send first, mostly because the server's history is another one. */
/** @param {Ground} ground @returns {Promise<Stopped | {kind: "anew"}>} */
export async function pullAll(ground) {
  let isAnew = false;
  for (let starts = 0; ; ) {
    const { cursor } = (await open(ground.storage, ["meta"])).meta();
    const query = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await exchange(ground, `${CHANGES}?limit=${MOST_CHANGES}${query}`, { method: "GET", headers: {} });
    const { status, toldMs, body } = answer;
    if (await lookAtEpoch(ground, answer.epoch, answer.serverNow)) return { kind: "anew" };
    if (status === 401 || status === 403) return { kind: "login" };
    if ((status === 400 || status === 410) && starts++ === 0) {
      await change(ground.storage, ["meta"], readFromTheStart);
      continue;
    }
    const isPage = status === 200 && Array.isArray(body?.items) && typeof body.next === "string";
    if (!isPage || (body.more && body.next === cursor)) return { kind: "later", toldMs };
    if (await change(ground.storage, ["meta", "op/", "day/"], (book) => takePage(book, cursor, answer))) isAnew = true;
    if (!body.more) return { kind: isAnew ? "anew" : "done" };
  }
}

/** @param {Book} book @param {string | null} cursor @param {Answer} answer @returns {boolean} whether there is something to send now */
function takePage(book, cursor, { body, epoch, serverNow }) {
  const { cursor: reached, pass, is_sweeping } = book.meta();
  if (reached !== cursor) return true; // another history was heard of meanwhile
  let isAnew = false;
  for (const day of body.items) {
    const { date, revision, op_id } = day;
    if (learnDay(book, { date, revision, answers: answersOf(day), epoch, op_id, pass })) isAnew = true;
  }
  book.note({ cursor: body.next });
  forgetOld(book, serverNow);
  if (!body.more && is_sweeping) {
    forgetNotTold(book, pass);
    book.note({ is_sweeping: false });
  }
  return isAnew;
}

/** The server does not have these days; what is under way of them shows itself. @param {Book} book @param {number} pass */
function forgetNotTold(book, pass) {
  for (const day of book.under("day/")) {
    if (day.pass !== pass) book.forget(day.date);
  }
}

/** What no backup is old enough to have lost. By the server's clock: a phone's may jump. @param {Book} book @param {number} serverNow */
function forgetOld(book, serverNow) {
  for (const op of book.operations()) {
    if (op.state === "acked" && op.acked && Date.parse(op.acked.at) + KEPT_FOR_MS < serverNow) book.drop(op);
  }
}
