// Sends as one patient and as nobody else: the login of this browser may have become another person's.

import { LoggedOut } from "./client.js";

/** @import { Surroundings } from "./client.js" */
/** @import { Ground, Reply, Request } from "./sync_types.js" */

const TOKEN = "__Host-csrf";
/** What whoever is not this patient is answered, without asking the server. @type {Reply} */
const NOT_THEM = { status: 401, headers: { get: () => null }, json: async () => null };

/**
 * What goes out carries the CSRF token of the login that was found to be the patient's: should the
 * cookies be another person's by then, the server refuses it.
 * @param {Pick<Surroundings, "fetch" | "cookie">} around
 * @param {{refresh: (stale: string | null) => Promise<void>}} api
 * @param {string} patientId
 * @returns {Ground["transport"]}
 */
export function transportOf({ fetch, cookie }, api, patientId) {
  /** @type {string | null} */
  let theirs = null;

  /** @param {string} token @param {string} path @param {Request} request */
  async function sendWith(token, path, { method, headers, body }) {
    const told = method === "GET" ? headers : { ...headers, "X-CSRF-TOKEN": token };
    const reply = await fetch(path, { method, headers: told, body, credentials: "same-origin", cache: "no-store" });
    // A read is not refused for its token: what came meanwhile may be another person's.
    return cookie(TOKEN) === token ? reply : NOT_THEM;
  }

  /** @param {string} path @param {Request} request @returns {Promise<Reply>} */
  async function attempt(path, request) {
    const token = cookie(TOKEN);
    if (token === null) return NOT_THEM;
    if (token !== theirs) {
      const me = await sendWith(token, "/v1/me", { method: "GET", headers: {} });
      if (me.status !== 200) return me;
      if ((await me.json()).patient_id !== patientId) return NOT_THEM;
      theirs = token;
    }
    return sendWith(token, path, request);
  }

  return async (path, request) => {
    const stale = cookie(TOKEN);
    const reply = await attempt(path, request);
    if (reply.status !== 401) return reply;
    try {
      await api.refresh(stale);
    } catch (failure) {
      if (failure instanceof LoggedOut) return reply;
      throw failure;
    }
    return attempt(path, request);
  };
}
