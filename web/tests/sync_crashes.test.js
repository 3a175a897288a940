// A phone that goes off between any two of its steps, and phones at random: nothing is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { areSame } from "../lib/sync_answers.js";
import { Crash, makeClock, makePhone, scene, DAY } from "./sync_phone.js";
import { makeServer } from "./sync_server.js";

const NEXT_DAY = "2026-11-24";
const MINUTE = 60_000;

/** A day in the life of a phone, begun again after a crash from what the phone still has. */
async function live(a, b, server) {
  const said = [];
  const say = async (answers, more) => { await a.edit(answers, more); said.push(answers); };
  await say({ mood: 6 });
  await a.round();
  await b.round();
  await b.edit({ energy: 2 });
  await b.round();
  await say({ anxiety: 3 });
  await say({ note: "walk" }, { date: NEXT_DAY });
  await a.round();
  server.restore(server.first, "e2");
  await a.round();
  return said;
}

test("a crash before any storage step loses nothing that was said to be saved", async () => {
  let steps = Infinity;
  for (let crashAt = 2; crashAt <= steps; crashAt++) {
    const clock = makeClock();
    const server = makeServer({ now: clock.now });
    server.first = server.backup();
    const b = await makePhone("b", server, clock).start();
    let a = await makePhone("a", server, clock).start();
    a.crashAt = crashAt;
    const saved = [];
    const original = a.edit;
    a.edit = async (answers, more) => { const shown = await original(answers, more); saved.push([shown.date, answers]); };
    await live(a, b, server).catch((failure) => assert.ok(failure instanceof Crash || failure.cause instanceof Crash, failure));
    steps = Math.min(steps, a.crashAt > a.steps ? a.steps : Infinity);
    a = await makePhone("c", server, clock, { storage: a.storage }).start();
    for (let rounds = 0; rounds < 4; rounds++) for (const phone of [a, b]) await phone.round();
    for (const [date, answers] of saved) {
      for (const [field, value] of Object.entries(answers)) assert.equal(server.stored(date)[field], value, `${crashAt}: ${field}`);
    }
    assert.equal((await a.sync.state()).unsent, 0);
    assert.deepEqual([await a.shown(), await b.shown()], [server.stored(DAY), server.stored(DAY)]);
  }
  assert.ok(steps > 10 && steps < 100, String(steps));
});

/** A small generator whose numbers are the same every time (mulberry32). */
function drawing(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (count) => Math.floor(next() * count), of: (list) => list[Math.floor(next() * list.length)] };
}

const FIELDS = ["mood", "energy", "anxiety"];
const DAYS = [DAY, NEXT_DAY];

async function settleAll(phones) {
  for (const phone of phones) {
    phone.fates = [];
    for (const { op_id } of await phone.sync.attention()) await phone.sync.settle(op_id, "mine");
    await phone.round();
  }
}

async function oneStep(draw, { server, clock, phones, backups, said }) {
  clock.forward(MINUTE);
  const phone = draw.of(phones);
  const step = draw.below(20);
  const date = draw.of(DAYS);
  if (step < 7) {
    const [field, value] = [draw.of(FIELDS), draw.below(11)];
    await phone.edit({ [field]: value }, { date });
    (said[date][field] ??= new Set()).add(value);
  } else if (step < 8) {
    await phone.remove(date);
    said[date].isDeleted = true;
  }
  else if (step < 10) backups.push(server.backup());
  else if (step < 11 && backups.length > 0) server.restore(backups.pop(), `e${clock.now()}`);
  else if (step < 12) { phone.crashAt = phone.steps + 1 + draw.below(4); await phone.round().catch(() => null); phone.crashAt = Infinity; await phone.start(); }
  else {
    phone.fates = Array.from({ length: 3 }, () => draw.of([undefined, undefined, "lost", "dropped"]));
    await phone.round();
    phone.fates = [];
  }
}

/** Where nobody deleted a day, every answer that was given is there, as somebody gave it. */
function assertNothingLost(stored, { isDeleted, ...given }, seed) {
  if (isDeleted) return;
  for (const [field, values] of Object.entries(given)) assert.ok(values.has(stored?.[field]), `seed ${seed}: ${field}`);
}

test("phones at random agree with the server in the end, and no answer is lost", async () => {
  for (let seed = 1; seed <= 100; seed++) {
    const draw = drawing(seed);
    const there = { ...(await scene("a", "b", "c")), backups: [], said: Object.fromEntries(DAYS.map((day) => [day, {}])) };
    for (let step = 0; step < 30; step++) await oneStep(draw, there);
    const { server, phones } = there;
    for (let rounds = 0; rounds < 6; rounds++) await settleAll(phones);
    for (const day of DAYS) assertNothingLost(server.stored(day), there.said[day], seed);
    for (const phone of phones) {
      assert.equal((await phone.sync.state()).unsent, 0, `seed ${seed}`);
      for (const day of DAYS) assert.ok(areSame(await phone.shown(day), server.stored(day)), `seed ${seed}: ${day}`);
    }
  }
});
