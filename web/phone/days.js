// The days on this page: what is stored, what is being typed, and what became of each save.

import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../lib/session.js";
import { answersOf, areSame, bodyOf, missing } from "./draft.js";
import { sendingOf, store } from "./store.js";

/** @import { Answers, Asked, Checkin, Me, SafetyCard } from "../lib/types.js" */
/** @import { Outcome, Sending } from "./store.js" */
/**
 * @typedef {{kind: "saving"} | {kind: "incomplete", told: string}
 *   | {kind: "failed", failure: unknown, card?: SafetyCard | null} | {kind: "conflict", current: Checkin}} Trouble
 */

/** @param {{asked: Asked, me: Me, days: Record<string, Checkin>, help: SafetyCard | null}} given */
export function useDays({ asked, me, days, help }) {
  const [date, turnTo] = useState(asked.date);
  const [stored, setStored] = useState(days);
  const [drafts, setDrafts] = useState(/** @type {Record<string, Answers>} */ ({}));
  const [troubles, setTroubles] = useState(/** @type {Record<string, Trouble>} */ ({}));
  const [card, setCard] = useState(/** @type {SafetyCard | null} */ (null));
  const send = useSending(asked, me, setCard);
  useLeaveWarning(Object.keys(drafts).length > 0);

  const answers = drafts[date] ?? answersOf(stored[date] ?? null, asked);
  /** @param {Trouble | null} trouble */
  const tell = (trouble) => setTroubles((before) => changed(before, date, trouble));
  /** @param {Answers} next */
  const change = (next) => {
    const same = areSame(next, answersOf(stored[date] ?? null, asked));
    setDrafts((before) => changed(before, date, same ? null : next));
    setTroubles((before) => (before[date]?.kind === "saving" ? before : changed(before, date, null)));
  };
  /** The day is now this one; what was typed stays unless it is what was sent. @param {Checkin} now @param {Answers | null} sent */
  const take = (now, sent) => {
    setStored((before) => ({ ...before, [date]: now }));
    setDrafts((before) => (before[date] && sent && !areSame(before[date], sent) ? before : changed(before, date, null)));
  };
  /** @param {Checkin | null} base */
  const save = async (base) => {
    const told = missing(answers, asked);
    if (told) return tell({ kind: "incomplete", told });
    tell({ kind: "saving" });
    const outcome = await send(date, answers, base);
    // Nobody was reached, so no card came back: the one that is always there stands in for it.
    if (outcome.kind === "failed" && !outcome.card && isSafetyAnswer(answers)) setCard(help);
    if (outcome.kind === "saved") take(outcome.day, answers);
    return tell(outcome.kind === "saved" ? null : outcome);
  };
  /** @param {Checkin} current */
  const keepStored = (current) => { take(current, null); tell(null); };
  const trouble = troubles[date] ?? null;
  return { card, closeCard: () => setCard(null), date, turnTo, stored, answers, trouble, touched: date in drafts, change, save, keepMine: save, keepStored };
}

/**
 * Sends a day. What was sent and not answered is sent again under the name it had, so that it is
 * stored once, whatever became of the first time.
 * @param {Asked} asked @param {Me} me @param {(card: SafetyCard) => void} show a card that came back with it
 */
function useSending(asked, me, show) {
  const pending = useRef(/** @type {Record<string, {sending: Sending, answers: Answers}>} */ ({}));
  /** @param {string} date @param {Answers} answers @param {Checkin | null} base @returns {Promise<{kind: "saved", day: Checkin} | Trouble>} */
  const send = async (date, answers, base) => {
    const before = pending.current[date];
    const isAgain = before?.sending.base === (base?.revision ?? 0) && areSame(before.answers, answers);
    const sending = before && isAgain ? before.sending : sendingOf(date, bodyOf(answers, asked, base, entered(me)), base);
    pending.current[date] = { sending, answers };
    const outcome = /** @type {Outcome} */ (await store(api, sending));
    if (outcome.card) show(outcome.card);
    if (outcome.kind === "failed") return outcome;
    delete pending.current[date]; // answered: what is sent next is another save
    if (outcome.kind === "saved") return outcome;
    const { current } = outcome;
    // Shown as empty, and deleted: nobody's answers are replaced, and there is nothing to choose between.
    if (current?.deleted && (base === null || base.deleted)) return send(date, answers, current);
    return current ? { kind: "conflict", current } : { kind: "failed", failure: null };
  };
  return send;
}

/** Anything but "none". @param {Answers} answers */
const isSafetyAnswer = ({ suicidal_thoughts: given }) => given !== null && given !== "none";

/** When and where an answer is given. @param {Me} me */
function entered(me) {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || me.timezone;
  return { recorded_at: new Date().toISOString(), timezone };
}

/** @template T @param {Record<string, T>} all @param {string} key @param {T | null} value */
function changed(all, key, value) {
  const { [key]: _, ...others } = all;
  return value === null ? others : { ...others, [key]: value };
}

/** @param {boolean} unsaved */
function useLeaveWarning(unsaved) {
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [unsaved]);
}
