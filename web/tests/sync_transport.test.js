// Nothing of one patient's goes out, or comes in, under another person's login.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LoggedOut } from "../lib/client.js";
import { transportOf } from "../lib/sync_transport.js";

const PATHS = ["/v1/me/checkins/batch", "/v1/me/changes"];

/** A browser whose cookies `login` are, and a server that believes them. */
function browser(login) {
  const there = { login, asked: [], refresh: async () => { throw new LoggedOut(); } };
  const fetch = async (path, { method, headers }) => {
    const { token, patient_id } = there.login;
    there.asked.push([method, path, headers["X-CSRF-TOKEN"] ?? null]);
    const status = method === "POST" && headers["X-CSRF-TOKEN"] !== token ? 401 : there.status ?? 200;
    there.after?.(path);
    return { status, headers: { get: () => null }, json: async () => ({ patient_id }) };
  };
  const api = { refresh: (stale) => there.refresh(stale) };
  there.send = transportOf({ fetch, cookie: () => there.login?.token ?? null }, api, "p1");
  return there;
}
const post = { method: "POST", headers: {}, body: "{}" };
const get = { method: "GET", headers: {} };

test("whose login it is is asked once for each login, and what is sent carries its token", async () => {
  const there = browser({ token: "t1", patient_id: "p1" });
  assert.equal((await there.send(PATHS[0], post)).status, 200);
  assert.equal((await there.send(PATHS[1], get)).status, 200);
  assert.deepEqual(there.asked, [["GET", "/v1/me", null], ["POST", PATHS[0], "t1"], ["GET", PATHS[1], null]]);
});

test("another person's login sends nothing and reads nothing", async () => {
  const there = browser({ token: "t2", patient_id: "p2" });
  for (const [at, request] of [post, get].entries()) assert.equal((await there.send(PATHS[at], request)).status, 401);
  assert.ok(there.asked.every(([, path]) => path === "/v1/me"));
});

test("nobody's login asks nothing", async () => {
  const there = browser(null);
  assert.equal((await there.send(PATHS[0], post)).status, 401);
  assert.deepEqual(there.asked, []);
});

test("a login that changes while one reads is not read from", async () => {
  const there = browser({ token: "t1", patient_id: "p1" });
  there.after = (path) => { if (path === PATHS[1]) there.login = { token: "t2", patient_id: "p2" }; };
  there.refresh = async () => {}; // another tab was first
  const answer = await there.send(PATHS[1], get);
  assert.deepEqual([answer.status, await answer.json()], [401, null]);
});

test("an expired login is refreshed once, and asked anew whose it is", async () => {
  const there = browser({ token: "t1", patient_id: "p1" });
  there.status = 401;
  there.refresh = async (stale) => { assert.equal(stale, "t1"); there.login = { token: "t3", patient_id: "p1" }; there.status = 200; };
  assert.equal((await there.send(PATHS[0], post)).status, 200);
  assert.deepEqual(there.asked.slice(1), [["GET", "/v1/me", null], ["POST", PATHS[0], "t3"]]);
});

test("a server that does not answer the refresh leaves the outcome unknown", async () => {
  const there = browser({ token: "t1", patient_id: "p1" });
  there.status = 401;
  there.refresh = async () => { throw new TypeError("no network"); };
  await assert.rejects(there.send(PATHS[0], post), /no network/);
});
