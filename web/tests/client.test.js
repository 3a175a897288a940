// The client: what it sends, when it refreshes, and how it fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LoggedOut, makeClient, Problem, Unreachable } from "../lib/client.js";

/** A server that answers in this order, and a note of what it was asked. */
function served(...answers) {
  const asked = [];
  const cookies = { "__Host-csrf": "one", "__Host-csrf-refresh": "two" };
  const fetch = async (path, options) => {
    asked.push({ path, ...options });
    const [status, body = {}, then = () => {}] = answers.shift();
    if (status === 0) throw new TypeError("Failed to fetch");
    then(cookies);
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { ETag: '"r1"' } });
  };
  let before = Promise.resolve();
  const alone = (work) => (before = before.then(work, work));
  const client = makeClient({ fetch, cookie: (name) => cookies[name] ?? null, alone });
  return { client, asked, cookies };
}

const problem = (status, kind) => ({ type: `/problems/${kind}`, title: "No", status, detail: "Because." });
const EXPIRED = [401, problem(401, "unauthenticated")];
const renewed = (cookies) => Object.assign(cookies, { "__Host-csrf": "three" });

test("a read sends no CSRF token, a change sends it", async () => {
  const { client, asked } = served([200, { mood: 6 }], [204]);
  assert.deepEqual((await client.send("GET", "/v1/me")).body, { mood: 6 });
  assert.equal((await client.send("POST", "/v1/x", { body: { mood: 6 } })).body, null);
  assert.equal(asked[0].headers["X-CSRF-TOKEN"], undefined);
  assert.equal(asked[1].headers["X-CSRF-TOKEN"], "one");
  assert.equal(asked[1].body, '{"mood":6}');
  assert.equal(asked[1].credentials, "same-origin");
});

test("an expired login is refreshed once with its own token, and the request repeated", async () => {
  const { client, asked } = served(EXPIRED, [200, {}, renewed], [200, { stored: true }]);
  const answer = await client.send("PUT", "/v1/x", { body: {}, headers: { "Idempotency-Key": "k" } });
  assert.deepEqual(answer.body, { stored: true });
  assert.deepEqual(asked.map(({ path }) => path), ["/v1/x", "/v1/auth/refresh", "/v1/x"]);
  assert.equal(asked[1].headers["X-CSRF-TOKEN"], "two");
  assert.equal(asked[2].headers["X-CSRF-TOKEN"], "three");
  assert.equal(asked[2].headers["Idempotency-Key"], "k");
});

test("of two requests that find it expired only one refreshes", async () => {
  const { client, asked } = served(EXPIRED, EXPIRED, [200, {}, renewed], [200], [200]);
  await Promise.all([client.send("GET", "/v1/a"), client.send("GET", "/v1/b")]);
  assert.equal(asked.filter(({ path }) => path === "/v1/auth/refresh").length, 1);
});

test("a login that cannot be refreshed has ended", async () => {
  await assert.rejects(served(EXPIRED, EXPIRED).client.send("GET", "/v1/me"), LoggedOut);
  await assert.rejects(served(EXPIRED, [200], EXPIRED).client.send("GET", "/v1/me"), LoggedOut);
  const { client, cookies } = served(EXPIRED);
  delete cookies["__Host-csrf-refresh"];
  await assert.rejects(client.send("GET", "/v1/me"), LoggedOut);
});

test("a wrong password is told, not refreshed", async () => {
  const { client, asked } = served([401, problem(401, "wrong-credentials")]);
  await assert.rejects(client.sendAsNobody("/v1/auth/login", {}), (failure) => failure instanceof Problem && failure.kind === "wrong-credentials");
  assert.equal(asked.length, 1);
});

test("a refusal keeps what the server told, and the tag of what is stored", async () => {
  const told = { ...problem(412, "precondition-failed"), current: { mood: 4 } };
  await assert.rejects(served([412, told]).client.send("PUT", "/v1/x"), (failure) => {
    assert.equal(failure.kind, "precondition-failed");
    assert.deepEqual(failure.told.current, { mood: 4 });
    assert.equal(failure.etag, '"r1"');
    return true;
  });
});

test("no network is told apart from a server that says no", async () => {
  await assert.rejects(served([0]).client.send("GET", "/v1/me"), Unreachable);
  await assert.rejects(served(EXPIRED, [0]).client.send("GET", "/v1/me"), Unreachable);
});
