// The client these pages share, and the ways in and out of a login.

import { LoggedOut, makeClient } from "./client.js";

/** @param {string} name */
function cookie(name) {
  const pairs = document.cookie.split("; ").map((pair) => pair.split("="));
  return pairs.find(([key]) => key === name)?.[1] ?? null;
}

/** @param {() => Promise<void>} work */
async function alone(work) {
  await navigator.locks.request("interlude-refresh", work);
}

export const api = makeClient({ fetch: (...sent) => fetch(...sent), cookie, alone });

/** To the login page, and back here afterwards. */
export function goAndLogIn() {
  const here = location.pathname + location.search;
  location.replace(`/?next=${encodeURIComponent(here)}`);
}

export async function logOut() {
  try {
    await api.send("POST", "/v1/auth/logout");
  } catch (problem) {
    if (!(problem instanceof LoggedOut)) throw problem;
  }
  location.replace("/");
}

// A page brought back from the browser's memory may be of somebody who has logged out since.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
