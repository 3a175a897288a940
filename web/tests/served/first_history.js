// Two phones of one patient with the real server: conflict, lost answers, deletion, a safety answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { daysAgo, logIn, makePhone, stored } from "./phone.js";

const login = await logIn();
const [a, b] = [await makePhone("a", login), await makePhone("b", login)];
const SYNCED = { kind: "synced" };

async function settled() {
  for (let rounds = 0; rounds < 2; rounds++) for (const phone of [a, b]) assert.deepEqual(await phone.round(), SYNCED);
}

async function agreed(date) {
  const { revision, ...answers } = (await stored(login, date)) ?? { revision: null };
  for (const phone of [a, b]) assert.deepEqual((await phone.sync.day(date)).answers ?? {}, answers);
  return { revision, ...answers };
}

test("phones that know nothing yet read all there is", async () => {
  await settled();
  const [one, other] = [await a.sync.days(), await b.sync.days()];
  assert.ok(one.length > 30);
  assert.deepEqual(one.map(({ date, answers }) => [date, answers]), other.map(({ date, answers }) => [date, answers]));
});

test("two phones in conflict come to say the same, and what both changed is shown", async () => {
  await a.edit(daysAgo(3), { mood: 2, energy: 9, custom: null, side_effects: [{ code: "nausea", severity: 1 }] });
  await new Promise((resolve) => { setTimeout(resolve, 5); }); // b is the later by its clock
  await b.edit(daysAgo(3), { mood: 8, anxiety: 9, side_effects: [{ code: "dizziness", severity: 2 }] });
  await settled();
  const { mood, energy, anxiety, side_effects } = await agreed(daysAgo(3));
  assert.deepEqual({ mood, energy, anxiety }, { mood: 8, energy: 9, anxiety: 9 });
  assert.deepEqual(side_effects.map(({ code }) => code), ["dizziness", "nausea"]);
  const [{ date, fields }] = await b.sync.notices();
  assert.deepEqual([date, fields.some(({ field, mine, theirs }) => field === "mood" && mine === 8 && theirs === 2)], [daysAgo(3), true]);
});

test("an answer that is lost on its way stores nothing twice", async () => {
  const before = (await stored(login, daysAgo(4)))?.revision ?? 0;
  await a.edit(daysAgo(4), { note: "sent twice" });
  a.fates = ["lost"];
  assert.equal((await a.round()).kind, "later");
  await a.edit(daysAgo(4), { note: "sent behind it" });
  await settled();
  const { revision, note } = await agreed(daysAgo(4));
  assert.deepEqual([revision, note], [before + 2, "sent behind it"]);
});

test("a day is deleted and logged again", async () => {
  await a.edit(daysAgo(5), { mood: 4 });
  await settled();
  await a.remove(daysAgo(5));
  await settled();
  assert.equal((await agreed(daysAgo(5))).revision, null);
  await a.edit(daysAgo(5), { mood: 6 });
  await settled();
  assert.equal((await agreed(daysAgo(5))).mood, 6);
});

test("a safety answer in a batch brings the card, and is taken back only when confirmed", async () => {
  await a.edit(daysAgo(1), { suicidal_thoughts: "often" });
  await settled();
  const { safety_card: card } = await a.sync.state();
  assert.ok(card.lines.length > 0 && card.texts.length > 0);
  await a.sync.dismissCard();
  await b.edit(daysAgo(1), { suicidal_thoughts: "none" });
  await settled();
  assert.equal((await stored(login, daysAgo(1))).suicidal_thoughts, "often");
  const [op] = await b.sync.attention();
  assert.equal(op.question.reason, "lower");
  await b.sync.settle(op.op_id, "mine");
  await settled();
  assert.equal((await agreed(daysAgo(1))).suicidal_thoughts, "none");
});

test("what the server refuses is shown with its reasons, and the others are stored", async () => {
  await a.edit(daysAgo(6), { mood: 77 });
  await a.edit(daysAgo(7), { mood: 7 });
  await settled();
  const [op] = await a.sync.attention();
  assert.deepEqual([op.question.reason, op.question.problem.errors.map(({ pointer }) => pointer)], ["rejected", ["/mood"]]);
  assert.equal((await agreed(daysAgo(7))).mood, 7);
  await a.edit(daysAgo(6), { mood: 7 });
  await settled();
  assert.equal((await agreed(daysAgo(6))).mood, 7);
});

test("a login that has ended loses nothing", async () => {
  const { token } = login;
  await a.edit(daysAgo(8), { mood: 3 });
  login.token = "ended";
  assert.deepEqual(await a.round(), { kind: "login" });
  assert.equal((await a.sync.state()).unsent, 1);
  login.token = token;
  await settled();
  assert.equal((await agreed(daysAgo(8))).mood, 3);
});
