// Storing a day: sent under one name until it is answered, on top of the revision it was made from.

import { LoggedOut, Problem } from "../lib/client.js";

/** @import { Checkin, SafetyCard } from "../lib/types.js" */
/** @typedef {{day: string, body: any, base: number, key: string}} Sending */
/** What became of a save; `card` comes with it after a safety answer, whether it was saved or not. */
/** @typedef {({kind: "saved", day: Checkin} | {kind: "conflict", current: Checkin | null} | {kind: "failed", failure: unknown}) & {card?: SafetyCard | null}} Outcome */

/**
 * A save as it will be sent; sending it again under its key can never store it twice.
 * @param {string} day @param {any} body @param {Checkin | null} base
 * @returns {Sending}
 */
export function sendingOf(day, body, base) {
  return { day, body, base: base?.revision ?? 0, key: crypto.randomUUID() };
}

/** What became of a save. @param {any} api @param {Sending} sending @returns {Promise<Outcome>} */
export async function store(api, { day, body, base, key }) {
  const precondition = base === 0 ? { "If-None-Match": "*" } : { "If-Match": `"r${base}"` };
  const headers = { "Idempotency-Key": key, ...precondition };
  try {
    const answer = await api.send("PUT", `/v1/me/checkins/${day}`, { body, headers });
    const { safety_card: card, ...now } = answer.body;
    return { kind: "saved", day: now, card };
  } catch (failure) {
    if (failure instanceof LoggedOut) return { kind: "failed", failure };
    const moved = failure instanceof Problem && [412, 428].includes(failure.status);
    const card = failure instanceof Problem ? failure.told.safety_card : null;
    if (!moved) return { kind: "failed", failure, card };
    return { kind: "conflict", current: failure.told.current ?? (await stored(api, day)), card };
  }
}

/** The day as it is stored now, null when it is not. @param {any} api @param {string} day @returns {Promise<Checkin | null>} */
async function stored(api, day) {
  try {
    return (await api.send("GET", `/v1/me/checkins/${day}`)).body;
  } catch {
    return null;
  }
}

/** Every stored day from one to another, by date. @param {any} api @param {string} from @param {string} to @returns {Promise<Record<string, Checkin>>} */
export async function storedDays(api, from, to) {
  /** @type {Record<string, Checkin>} */
  const days = {};
  let next = "";
  do {
    const cursor = next && `&cursor=${encodeURIComponent(next)}`;
    const { body } = await api.send("GET", `/v1/me/checkins?from=${from}&to=${to}&limit=200${cursor}`);
    for (const day of body.items) days[day.date] = day;
    next = body.next ?? "";
  } while (next);
  return days;
}
