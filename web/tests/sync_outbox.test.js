// What the outbox holds after an edit, and after each thing the server may say to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NotStored, OfSomebodyElse } from "../lib/sync.js";
import { makeClock, makePhone, scene, DAY, ZONE } from "./sync_phone.js";

const NEXT_DAY = "2026-11-24";
const HOUR = 3_600_000;

async function ops(phone) {
  return (await phone.operations()).map(({ op_id, state, answers, base }) => [op_id, state, answers?.mood ?? null, base.revision]);
}

test("an edit is kept before it is said to be, and shown at once", async () => {
  const { server, phones: [a] } = await scene("a");
  const shown = await a.edit({ mood: 6 });
  assert.deepEqual([shown.state, shown.answers.mood], ["phone", 6]);
  assert.deepEqual(await ops(a), [["a2", "pending", 6, 0]]);
  assert.equal(server.batches.length, 0);
  const again = await makePhone("a", server, makeClock(), { storage: a.storage }).start();
  assert.equal((await again.shown()).mood, 6);
});

test("an edit that was never sent takes in a later one of its day, under a new name", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  await a.edit({ mood: 7 });
  await a.edit({ energy: 2 }, { date: NEXT_DAY });
  assert.deepEqual(await ops(a), [["a3", "pending", 7, 0], ["a4", "pending", null, 0]]);
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.deepEqual(server.batches.map(({ items }) => items.map(({ op_id }) => op_id)), [["a3", "a4"]]);
  assert.equal((await a.sync.day(DAY)).state, "synced");
});

test("an edit whose outcome is unknown is sent again as it was, and a later one waits behind it", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  a.fates = ["lost"];
  assert.equal((await a.round()).kind, "later");
  await a.edit({ mood: 7 });
  await a.edit({ mood: 8 });
  assert.deepEqual(await ops(a), [["a2", "sent", 6, 0], ["a4", "pending", 8, 0]]);
  assert.deepEqual(await a.round(), { kind: "synced" });
  const sent = server.batches.map(({ items: [item] }) => [item.op_id, item.mood, item.base_revision]);
  assert.deepEqual(sent, [["a2", 6, 0], ["a2", 6, 0], ["a4", 8, 1]]);
  assert.equal(server.stored(DAY).mood, 8);
});

test("what was never sent and is deleted again leaves nothing to send", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  await a.remove();
  assert.deepEqual(await ops(a), []);
  await a.remove();
  await a.round();
  assert.equal(server.batches.length, 0);
});

test("a deletion behind an edit that may have arrived is sent once that has", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  a.fates = ["dropped"];
  await a.round();
  await a.remove();
  assert.equal(await a.shown(), null);
  await a.round();
  assert.deepEqual([server.days.get(DAY).deleted, server.days.get(DAY).revision], [true, 2]);
  await a.edit({ mood: 3 });
  await a.round();
  assert.deepEqual([server.stored(DAY).mood, server.days.get(DAY).revision], [3, 3]);
});

test("an edit begun before others changed the day does not undo them", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  await a.edit({ mood: 6 });
  await a.round();
  const began = await a.sync.day(DAY);
  await b.round();
  await b.edit({ energy: 3 });
  await b.round();
  await a.round();
  await a.sync.save({ date: DAY, timezone: ZONE, base: began.base, answers: { ...began.answers, note: "walk" } });
  await a.round();
  const { mood, energy, note } = server.stored(DAY);
  assert.deepEqual({ mood, energy, note }, { mood: 6, energy: 3, note: "walk" });
});

test("two tabs that edit one day from the same beginning keep what each changed", async () => {
  const { server, phones: [a] } = await scene("a");
  const began = await a.sync.day(DAY);
  await a.sync.save({ date: DAY, timezone: ZONE, base: began.base, answers: { mood: 6 } });
  await a.sync.save({ date: DAY, timezone: ZONE, base: began.base, answers: { energy: 3 } });
  await a.round();
  const { mood, energy } = server.stored(DAY);
  assert.deepEqual({ mood, energy }, { mood: 6, energy: 3 });
});

test("one that cannot be written now keeps neither the others nor the reading back", async () => {
  const { server, clock, phones: [a, b] } = await scene("a", "b");
  await b.edit({ mood: 1 }, { date: "2026-11-20" });
  await b.round();
  await a.edit({ mood: 6 });
  await a.edit({ mood: 5 }, { date: NEXT_DAY });
  server.postpones.add("a2");
  assert.deepEqual(await a.round(), { kind: "later", in_ms: 1000 });
  assert.equal(server.stored(NEXT_DAY).mood, 5);
  assert.equal((await a.shown("2026-11-20")).mood, 1);
  assert.deepEqual((await ops(a))[0], ["a2", "pending", 6, 0]);
  clock.forward(HOUR);
  const { unsent, oldest_unsent_ms } = await a.sync.state();
  assert.deepEqual([unsent, oldest_unsent_ms], [1, HOUR]);
  server.postpones.clear();
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.equal(server.stored(DAY).mood, 6);
});

test("what the patient confirmed as they said it is not asked again", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ suicidal_thoughts: "often" });
  await a.round();
  await a.edit({ suicidal_thoughts: "none" }, { confirmed_lower: true });
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.equal(server.stored(DAY).suicidal_thoughts, "none");
});

test("the safety card stays until it was shown", async () => {
  const { server, phones: [a] } = await scene("a");
  server.card = { title: "Thank you for telling us" };
  await a.edit({ suicidal_thoughts: "often" });
  await a.round();
  server.card = null;
  await a.edit({ mood: 3 });
  await a.round();
  assert.equal((await a.sync.state()).safety_card.title, "Thank you for telling us");
  await a.sync.dismissCard();
  assert.equal((await a.sync.state()).safety_card, null);
});

test("a phone that stores no more says so, and keeps what it had", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  a.quota = a.steps + 1;
  await assert.rejects(a.edit({ mood: 7 }), NotStored);
  await assert.rejects(a.edit({ mood: 5 }, { date: NEXT_DAY }), /could not store/);
  await assert.rejects(a.round(), NotStored);
  assert.deepEqual([server.batches.length, (await a.shown()).mood], [0, 6]);
  a.quota = Infinity;
  await a.edit({ mood: 8 });
  await a.round();
  assert.equal(server.stored(DAY).mood, 8);
});

test("an outbox is its patient's alone", async () => {
  const { server, clock, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  await assert.rejects(makePhone("x", server, clock, { storage: a.storage, patientId: "p2" }).start(), OfSomebodyElse);
});

test("leaving sends first, says what would stay, and erasing names how many it loses", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  a.isOffline = true;
  const left = await a.sync.leave();
  assert.deepEqual([left.sent.kind, left.unsent], ["later", 1]);
  await assert.rejects(a.sync.erase(0), /1 entries are on this device alone/);
  a.isOffline = false;
  assert.deepEqual(await a.sync.leave(), { sent: { kind: "synced" }, unsent: 0, oldest_unsent_at: null });
  await a.sync.erase(0);
  assert.equal((await a.storage.read([""])).size, 0);
  assert.equal(server.stored(DAY).mood, 6);
});

test("what was acknowledged is kept for 35 days, then forgotten", async () => {
  const { server, clock, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  await a.round();
  clock.forward(35 * 24 * HOUR - 1000);
  await a.round();
  assert.equal((await a.operations()).length, 1);
  clock.forward(2000);
  await a.round();
  assert.equal((await a.operations()).length, 0);
  assert.equal((await a.shown()).mood, 6);
});
