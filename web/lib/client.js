// Speaks with the API as whoever is logged in: cookies, the CSRF token, one refresh when needed.

/** @import { ProblemDocument } from "./types.js" */

/** The API said no, and why. */
export class Problem extends Error {
  /**
   * @param {ProblemDocument} told
   * @param {string | null} etag
   */
  constructor(told, etag = null) {
    super(told.detail);
    this.status = told.status;
    this.kind = told.type.replace("/problems/", "");
    this.told = told;
    this.etag = etag;
  }
}

/** Nobody answered: no network, or no server. */
export class Unreachable extends Error {}

/** Whoever was logged in is not any more. */
export class LoggedOut extends Error {}

/**
 * @typedef {object} Surroundings
 * @property {typeof globalThis.fetch} fetch
 * @property {(name: string) => string | null} cookie
 * @property {(work: () => Promise<void>) => Promise<void>} alone runs one such work at a time, in all tabs
 */
/** @typedef {{body?: unknown, headers?: Record<string, string>}} Sent */
/** @typedef {{status: number, body: any, etag: string | null}} Answer */

/** @param {Surroundings} around */
export function makeClient({ fetch, cookie, alone }) {
  /** @param {string} path @param {RequestInit} options */
  async function reach(path, options) {
    try {
      return await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
    } catch {
      throw new Unreachable("No answer from the server.");
    }
  }

  /** @param {string | null} stale the CSRF token of the login that has expired */
  async function refresh(stale) {
    await alone(async () => {
      if (cookie("__Host-csrf") !== stale) return; // another tab was first
      const token = cookie("__Host-csrf-refresh");
      if (token === null) throw new LoggedOut();
      const answer = await reach("/v1/auth/refresh", {
        method: "POST",
        headers: { "X-CSRF-TOKEN": token },
      });
      if (answer.status === 401) throw new LoggedOut();
      if (!answer.ok) throw await problemOf(answer);
    });
  }

  /** @param {string} method @param {string} path @param {Sent} [sent] */
  function attempt(method, path, sent = {}) {
    /** @type {Record<string, string>} */
    const headers = { ...sent.headers };
    const token = cookie("__Host-csrf");
    if (method !== "GET" && token !== null) headers["X-CSRF-TOKEN"] = token;
    if (sent.body === undefined) return reach(path, { method, headers });
    headers["Content-Type"] = "application/json";
    return reach(path, { method, headers, body: JSON.stringify(sent.body) });
  }

  /**
   * The answer as whoever is logged in; an expired access token is refreshed once.
   * @param {string} method @param {string} path @param {Sent} [sent]
   */
  async function reply(method, path, sent) {
    const token = cookie("__Host-csrf");
    let answer = await attempt(method, path, sent);
    if (answer.status === 401) {
      await refresh(token);
      answer = await attempt(method, path, sent);
      if (answer.status === 401) throw new LoggedOut();
    }
    return answer;
  }

  /** What the API says. @param {string} method @param {string} path @param {Sent} [sent] */
  const send = async (method, path, sent) => read(await reply(method, path, sent));

  /** A picture of the API's. @param {string} path */
  async function picture(path) {
    const answer = await reply("GET", path);
    if (!answer.ok) throw await problemOf(answer);
    return answer.blob();
  }

  /** The answer to somebody who is not logged in yet. @param {string} path @param {unknown} body */
  async function sendAsNobody(path, body) {
    return read(await attempt("POST", path, { body }));
  }

  return { send, picture, sendAsNobody, refresh, isLoggedIn: () => cookie("__Host-csrf") !== null };
}

/** @param {Response} answer @returns {Promise<Answer>} */
async function read(answer) {
  if (!answer.ok) throw await problemOf(answer);
  const body = answer.status === 204 ? null : await answer.json();
  return { status: answer.status, body, etag: answer.headers.get("ETag") };
}

/** @param {Response} answer */
async function problemOf(answer) {
  const etag = answer.headers.get("ETag");
  try {
    return new Problem(await answer.json(), etag);
  } catch {
    // Not of the API's making: a proxy in between, for instance.
    const detail = "The server cannot answer right now. Try again in a moment.";
    const told = { type: "unavailable", title: "Unavailable", status: answer.status, detail };
    return new Problem(told, etag);
  }
}
