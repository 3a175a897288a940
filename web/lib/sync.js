// Check-ins without a network: kept here at once, sent when there is one, never dropped (docs/sync.md).

import { OfSomebodyElse, change, open } from "./sync_book.js";
import { lookAtEpoch } from "./sync_exchange.js";
import { keepEdit, shownDay } from "./sync_outbox.js";
import { settle } from "./sync_outcome.js";
import { goRound } from "./sync_round.js";

/** @import { Book } from "./sync_book.js" */
/** @import { Edit, Ground, Meta, ShownDay } from "./sync_types.js" */

export { NotStored, OfSomebodyElse } from "./sync_book.js";

/** The days of one patient on one device. @param {Ground} ground */
export async function openSync(ground) {
  const { storage, patientId, clock, newId, alone } = ground;
  const instant = () => new Date(clock()).toISOString();
  /** @template T @param {() => Promise<T>} work */
  const inTurn = (work) => alone(`interlude-sync-${patientId}`, work);
  await change(storage, ["meta"], (book) => {
    if (book.get("meta") === undefined) book.put("meta", firstMeta(patientId, newId()));
    if (book.meta().patient_id !== patientId) throw new OfSomebodyElse("These days are another person's.");
  });

  /** @param {Omit<Edit, "answers"> & {answers: Edit["answers"] | null}} edit @returns {Promise<ShownDay>} */
  function keep(edit) {
    const named = { root: newId(), at: instant() };
    return change(storage, ["meta", "op/", `day/${edit.date}`], (book) => {
      keepEdit(book, edit, named);
      return shownDay(book, edit.date);
    });
  }

  /**
   * Sends what waits and learns what others changed; one at a time in all tabs. `later` says when to
   * come again. Rejects with NotStored where the device stores no more: nothing is lost then either.
   * @param {{isAsked?: boolean}} [how] `isAsked`: somebody wants it now
   */
  const round = ({ isAsked = false } = {}) => inTurn(() => goRound(ground, isAsked));

  /** The patient's answer to what `attention` asks. @param {string} op_id @param {"mine" | "theirs"} choice */
  function settleOne(op_id, choice) {
    return change(storage, ["meta", "op/", "day/"], (book) => {
      const op = book.named(op_id);
      if (op?.state !== "attention") throw new Error("Nothing is asked about that any more.");
      settle(book, op, choice, { epoch: book.meta().epoch, serverNow: clock(), at: instant() });
    });
  }

  /** What a page says of it all: nothing waits silently. */
  const state = async () => stateOf(await open(storage, ["meta", "op/", "card"]), clock());

  /** Before a logout: sends, and says how many entries would stay on this device alone. */
  async function leave() {
    const sent = await round({ isAsked: true });
    const { unsent, oldest_unsent_at } = await state();
    return { sent, unsent, oldest_unsent_at };
  }

  /** Takes everything off this device; what was never sent only if one says how many entries that loses. @param {number} losing */
  const erase = (losing) => inTurn(() => change(storage, [""], (book) => {
    const { unsent } = stateOf(book, clock());
    if (unsent !== losing) throw new Error(`${unsent} entries are on this device alone.`);
    for (const key of book.keys()) book.put(key, undefined);
  }));

  return {
    round, state, leave, erase, settle: settleOne,
    /** @param {string} date */
    day: async (date) => shownDay(await open(storage, ["meta", "op/", `day/${date}`]), date),
    /** Every day there is something of, oldest first. */
    days: async () => allDays(await open(storage, ["meta", "op/", "day/"])),
    /** Keeps a day's answers; "saved on this phone" once this resolves. @param {Edit} edit */
    save: (edit) => keep(edit),
    /** Keeps that a day is deleted. @param {Omit<Edit, "answers">} edit */
    remove: (edit) => keep({ ...edit, answers: null }),
    /** What the patient has to look at. */
    attention: async () => (await open(storage, ["op/"])).operations().filter((op) => op.state === "attention"),
    /** Answers two devices gave differently, until they were shown. */
    notices: async () => (await open(storage, ["both/"])).under("both/"),
    /** @param {string} id */
    dismissNotice: (id) => change(storage, ["both/"], (book) => book.put(`both/${id}`, undefined)),
    dismissCard: () => change(storage, ["card"], (book) => book.put("card", undefined)),
    /** The Epoch header of any answer of the server, whatever asked for it. @param {string | null} epoch */
    heard: (epoch) => lookAtEpoch(ground, epoch, clock()),
  };
}

/** @param {string} patient_id @param {string} device_id @returns {Meta} */
function firstMeta(patient_id, device_id) {
  return { patient_id, device_id, epoch: null, cursor: null, pass: 1, is_sweeping: true, next_seq: 1, wait: null, synced_at: null };
}

/** @param {Book} book @param {number} now */
function stateOf(book, now) {
  const { synced_at, epoch } = book.meta();
  const unsent = book.operations().filter((op) => op.state !== "acked");
  const since = unsent.map((op) => op.waiting_since).sort()[0] ?? null;
  return {
    unsent: unsent.length,
    oldest_unsent_at: since,
    oldest_unsent_ms: since === null ? 0 : Math.max(0, now - Date.parse(since)),
    attention: unsent.filter((op) => op.state === "attention").length,
    safety_card: book.get("card") ?? null,
    synced_at,
    epoch,
  };
}

/** @param {Book} book */
function allDays(book) {
  const live = book.operations().filter((op) => op.state !== "acked");
  const dates = [...book.under("day/"), ...live].map(({ date }) => date);
  return [...new Set(dates)].sort().map((date) => shownDay(book, date));
}
