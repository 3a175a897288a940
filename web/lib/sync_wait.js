// How long to wait before asking again: longer each time, and never all phones at once.

const SHORTEST_MS = 1_000;
const LONGEST_MS = 15 * 60_000;

/**
 * The next wait: decorrelated jitter, but never less than the server asked for.
 * @param {number} lastMs the wait before this, 0 for none
 * @param {number} random from 0 to 1
 * @param {number} toldMs what Retry-After says, 0 for nothing
 */
export function nextWait(lastMs, random, toldMs = 0) {
  const upTo = Math.max(SHORTEST_MS, lastMs * 3);
  const drawn = SHORTEST_MS + random * (upTo - SHORTEST_MS);
  return Math.max(Math.min(LONGEST_MS, Math.round(drawn)), toldMs);
}

/** Milliseconds a Retry-After asks for, in seconds or as a date; 0 for none. @param {string | null} header @param {number} serverNow */
export function toldWait(header, serverNow) {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - serverNow;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** What is left of a wait; none where the clock was put back. @param {{since: number, ms: number} | null} wait @param {number} now */
export function leftOf(wait, now) {
  if (wait === null || now < wait.since) return 0;
  return Math.max(0, wait.since + wait.ms - now);
}
