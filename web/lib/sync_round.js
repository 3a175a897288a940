// One round: what waits is sent, then what others changed is learnt; and when to come again.

import { change, open } from "./sync_book.js";
import { pullAll } from "./sync_pull.js";
import { sendAll } from "./sync_sender.js";
import { leftOf, nextWait } from "./sync_wait.js";

/** @import { Ground, Round } from "./sync_types.js" */
/** @import { Stopped } from "./sync_sender.js" */

// Each history that is heard of gives something to send before there is something to learn.
const MOST_HISTORIES = 3;

/** @param {Ground} ground @param {boolean} isAsked somebody wants it now @returns {Promise<Round>} */
export async function goRound(ground, isAsked) {
  const { storage, clock, random } = ground;
  const { wait } = (await open(storage, ["meta"])).meta();
  // Whoever asks for it need not wait for what chance said, but for what the server said.
  const left = wait && leftOf({ since: wait.since, ms: isAsked ? wait.told_ms : wait.ms }, clock());
  if (left) return { kind: "later", in_ms: left };
  const stopped = await exchangeAll(ground);
  if (stopped.kind === "login") return { kind: "login" };
  const since = clock();
  if (stopped.kind === "done") {
    await change(storage, ["meta"], (book) => book.note({ wait: null, synced_at: new Date(since).toISOString() }));
    return { kind: "synced" };
  }
  const { toldMs } = stopped;
  const ms = nextWait(wait?.ms ?? 0, random(), toldMs);
  await change(storage, ["meta"], (book) => book.note({ wait: { since, ms, told_ms: toldMs } }));
  return { kind: "later", in_ms: ms };
}

/** @param {Ground} ground @returns {Promise<Stopped>} */
async function exchangeAll(ground) {
  for (let histories = 0; histories < MOST_HISTORIES; histories++) {
    const sent = await sendAll(ground);
    if (sent.kind !== "done") return sent;
    const pulled = await pullAll(ground);
    if (pulled.kind === "login" || pulled.kind === "later") return pulled;
    if (pulled.kind === "done") return sent.isAnyLeft ? { kind: "later", toldMs: 0 } : pulled;
  }
  return { kind: "later", toldMs: 0 };
}
