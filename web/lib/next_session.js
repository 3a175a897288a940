// The next session that is booked.

/** @import { Booked } from "./types.js" */

/**
 * The earliest booked session from a day on; null when there is none.
 * @param {any} api @param {string} path of the sessions @param {string} today
 * @returns {Promise<Booked | null>}
 */
export async function nextSession(api, path, today) {
  /** @type {Booked | null} */
  let earliest = null;
  let next = "";
  do {
    const cursor = next && `&cursor=${encodeURIComponent(next)}`;
    const { body } = await api.send("GET", `${path}?status=booked&from=${today}&limit=200${cursor}`);
    // Newest first, so the last one that stands is the next to come.
    earliest = body.items.findLast((/** @type {Booked} */ one) => one.voided_at === null) ?? earliest;
    next = body.next ?? "";
  } while (next);
  return earliest;
}
