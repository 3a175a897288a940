// One request and what came of it: every answer is looked at for the history it speaks of.

import { change, open } from "./sync_book.js";
import { hearEpoch } from "./sync_outbox.js";
import { toldWait } from "./sync_wait.js";

/** @import { Ground, Reply, Request } from "./sync_types.js" */
/**
 * `status` 0: nobody answered, or nobody of ours. `serverNow` is the server's clock where it tells it.
 * @typedef {{status: number, body: any, epoch: string | null, serverNow: number, toldMs: number}} Answer
 */

// A transport that has nobody to send as, a proxy that finds the body too large.
const SAID_BEFORE_THE_SERVER = [401, 413];

/** @param {Ground} ground @param {string} path @param {Request} request @returns {Promise<Answer>} */
export async function exchange(ground, path, request) {
  const reply = await reach(ground, path, request);
  const told = Date.parse(reply?.headers.get("Date") ?? "");
  const serverNow = Number.isNaN(told) ? ground.clock() : told;
  if (reply === null) return { status: 0, body: null, epoch: null, serverNow, toldMs: 0 };
  const epoch = reply.headers.get("Epoch");
  const toldMs = toldWait(reply.headers.get("Retry-After"), serverNow);
  // Without the header it is not our server: a hotel's login page says 200, too.
  const isOurs = epoch !== null || SAID_BEFORE_THE_SERVER.includes(reply.status);
  return { status: isOurs ? reply.status : 0, body: await bodyOf(reply), epoch, serverNow, toldMs };
}

/** @param {Ground} ground @param {string} path @param {Request} request @returns {Promise<Reply | null>} */
async function reach({ transport }, path, request) {
  try {
    return await transport(path, request);
  } catch {
    return null;
  }
}

/** @param {Reply} reply */
async function bodyOf(reply) {
  try {
    return await reply.json();
  } catch {
    return null;
  }
}

/**
 * Another history than the one known? Then what was acknowledged is offered again.
 * @param {Ground} ground @param {string | null} epoch @param {number} serverNow
 * @returns {Promise<boolean>} whether it was another
 */
export async function lookAtEpoch({ storage }, epoch, serverNow) {
  if (epoch === null || (await open(storage, ["meta"])).meta().epoch === epoch) return false;
  return change(storage, ["meta", "op/"], (book) => {
    const known = book.meta().epoch;
    hearEpoch(book, epoch, new Date(serverNow).toISOString());
    return known !== null && known !== epoch;
  });
}
