// What is sent when, how much of it, and what becomes of it whatever answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOf, nextWait, toldWait } from "../lib/sync_wait.js";
import { scene, DAY } from "./sync_phone.js";

const daysOf = (count) => Array.from({ length: count }, (_, at) => new Date(Date.UTC(2025, 0, 1 + at)).toISOString().slice(0, 10));
const answer = (status, headers = {}, body = { status }) => ({ status, headers, body });
const sizes = (server) => server.batches.map(({ items }) => items.length);

async function fill(phone, count, answers = { mood: 6 }) {
  for (const date of daysOf(count)) await phone.edit(answers, { date });
}

test("at most 400 go at once, oldest first", async () => {
  const { server, phones: [a] } = await scene("a");
  await fill(a, 401);
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.deepEqual(sizes(server), [400, 1]);
  assert.equal(server.batches[1].items[0].date, daysOf(401).at(-1));
});

test("a batch stays below a mebibyte, however long the notes are", async () => {
  const { server, phones: [a] } = await scene("a");
  await fill(a, 90, { note: "\u{1F319}".repeat(4000) });
  await a.round();
  const bytes = server.batches.map((batch) => new TextEncoder().encode(JSON.stringify(batch)).length);
  assert.ok(bytes.every((size) => size < 2 ** 20) && bytes[0] > 900_000, String(bytes));
  assert.equal(sizes(server).reduce((sum, size) => sum + size), 90);
});

test("a batch that is too large is halved until it is not", async () => {
  const { server, phones: [a] } = await scene("a");
  await fill(a, 10);
  const most = 3;
  const tooLarge = (request) => (request.body && JSON.parse(request.body).items.length > most ? answer(413) : null);
  server.instead = Array(6).fill(tooLarge);
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.deepEqual(sizes(server), [3, 3, 3, 1]); // 10 and 5 were too many
  assert.equal(server.days.size, 10);
});

test("one entry that is too large by itself is shown, and keeps nothing else back", async () => {
  const { server, phones: [a] } = await scene("a");
  await fill(a, 2);
  const [first, second] = daysOf(2);
  server.instead = Array(3).fill((request) => (request.body?.includes(first) ? answer(413) : null));
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.deepEqual((await a.sync.attention()).map(({ date, question }) => [date, question.reason]), [[first, "too_large"]]);
  assert.equal(server.stored(second).mood, 6);
});

test("one entry that is not understood is shown, and keeps nothing else back", async () => {
  const { server, phones: [a] } = await scene("a");
  await fill(a, 4);
  const [, second] = daysOf(4);
  server.instead = Array(5).fill((request) => (request.body?.includes(second) ? answer(400) : null));
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.deepEqual((await a.sync.attention()).map(({ date, question }) => [date, question.reason]), [[second, "not_understood"]]);
  assert.equal(server.days.size, 3);
});

test("an envelope the server does not take sends everything to attention, and drops nothing", async () => {
  for (const status of [400, 415, 422]) {
    const { server, phones: [a] } = await scene("a");
    await fill(a, 3);
    server.instead = Array(5).fill((request) => (request.body ? answer(status) : null)); // of 3, 2, 1, 1, 1
    await a.round();
    assert.deepEqual((await a.sync.attention()).map(({ question }) => question.reason), Array(3).fill("not_understood"));
    for (const { op_id } of await a.sync.attention()) await a.sync.settle(op_id, "mine");
    await a.round();
    assert.equal(server.days.size, 3);
  }
});

test("without a login everything is kept, and nothing else is tried", async () => {
  for (const status of [401, 403]) {
    const { server, phones: [a] } = await scene("a");
    await fill(a, 3);
    server.instead = [answer(status)];
    const before = a.requests;
    assert.deepEqual(await a.round(), { kind: "login" });
    assert.equal(a.requests, before + 1);
    assert.equal((await a.sync.state()).unsent, 3);
    assert.deepEqual(await a.round(), { kind: "synced" });
    assert.equal(server.days.size, 3);
  }
});

const NO_HEADERS = { Epoch: null };
const UNKNOWN = [
  ["500", answer(500)], ["502 of a proxy", answer(502, NO_HEADERS)], ["503", answer(503)], ["429", answer(429)], ["404", answer(404)],
  ["a hotel's login page", answer(200, NO_HEADERS, "<html>")],
  ["results of something else", answer(200, {}, { results: [{ op_id: "z", status: "applied", revision: 1 }] })],
  ["too few results", answer(200, {}, { results: [] })],
];
for (const [name, told] of UNKNOWN) {
  test(`an outcome that is not known is asked for again under the same name: ${name}`, async () => {
    const { server, phones: [a] } = await scene("a");
    await a.edit({ mood: 6 });
    server.instead = [told];
    assert.equal((await a.round()).kind, "later");
    const [{ op_id, state }] = await a.operations();
    assert.equal(state, "sent");
    await a.round();
    assert.equal(server.batches[0].items[0].op_id, op_id);
    assert.equal(server.stored(DAY).mood, 6);
  });
}

test("a lost answer stores nothing twice", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  a.fates = ["lost", "lost"];
  for (let round = 0; round < 3; round++) await a.round();
  assert.equal(sizes(server).length, 3);
  assert.equal(server.days.get(DAY).revision, 1);
});

test("waits lie between a second and three times the last, and a quarter of an hour at most", () => {
  let last = 0;
  for (let at = 0; at < 2000; at++) {
    const random = (at * 0.618033988749895) % 1;
    const wait = nextWait(last, random);
    assert.ok(wait >= 1000 && wait <= Math.min(15 * 60_000, Math.max(1000, last * 3)), `${last} -> ${wait}`);
    last = wait;
  }
});

test("Retry-After is obeyed, in seconds or as a date, whoever asks", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  assert.equal(toldWait("120", now), 120_000);
  assert.equal(toldWait("Mon, 23 Nov 2026 12:02:00 GMT", now), 120_000);
  assert.deepEqual([toldWait(null, now), toldWait("soon", now), toldWait("Mon, 23 Nov 2026 11:00:00 GMT", now)], [0, 0, 0]);
  const { server, clock, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  server.instead = [answer(503, { "Retry-After": "120" })];
  assert.deepEqual(await a.round(), { kind: "later", in_ms: 120_000 });
  clock.forward(119_000);
  assert.deepEqual(await a.round(), { kind: "later", in_ms: 1000 });
  assert.equal(server.batches.length, 0);
  clock.forward(1000);
  assert.deepEqual(await a.round(), { kind: "synced" });
});

test("a wait of chance is kept by itself, not when somebody asks; a clock put back ends it", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  server.instead = [answer(500)];
  await a.round();
  assert.deepEqual(await a.sync.round(), { kind: "later", in_ms: 1000 });
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.equal(leftOf({ since: 1000, ms: 500 }, 1200), 300);
  assert.equal(leftOf({ since: 1000, ms: 500 }, 900), 0);
});

test("bases of two histories never go in one batch", async () => {
  const { server, phones: [a] } = await scene("a");
  await fill(a, 3);
  await a.round();
  for (const [at, epoch] of ["e0", "e1", "e0"].entries()) {
    const { date, base } = await a.sync.day(daysOf(3)[at]);
    const upon = { ...base, epoch, over: null };
    await a.sync.save({ date, timezone: "Europe/Berlin", base: upon, answers: { mood: 7 } });
  }
  server.batches.length = 0;
  await a.round();
  const sent = server.batches.map(({ epoch, items }) => [epoch, items.map(({ op_id }) => op_id)]);
  assert.deepEqual(sent, [["e0", ["a5", "a7"]], ["e1", ["a5.1", "a6", "a7.1"]]]); // the two met what is stored
});

test("a day that was edited again waits for what is offered anew of it", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 1 });
  await a.round();
  await a.edit({ mood: 2 }); // upon revision 1 of e1
  server.epoch = "e2";
  await a.sync.heard("e2");
  server.batches.length = 0;
  await a.round();
  const sent = server.batches.map(({ epoch, items }) => [epoch, items.map(({ op_id, base_revision }) => [op_id, base_revision])]);
  assert.deepEqual(sent, [["e2", [["a2", 0]]], ["e2", [["a3", 1]]]]);
});
