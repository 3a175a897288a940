// The server came back from a backup: what it lost is offered again by every phone that has it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { scene, DAY } from "./sync_phone.js";

const NEXT_DAY = "2026-11-24";
const HOUR = 3_600_000;
const named = (server) => server.batches.flatMap(({ items }) => items.map(({ op_id, base_revision }) => [op_id, base_revision]));

async function settled(...phones) {
  for (let rounds = 0; rounds < 4; rounds++) for (const phone of phones) await phone.round();
}

test("what was acknowledged and lost is offered under its own name upon nothing; what was kept is known", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  await a.round();
  const backup = server.backup();
  await a.edit({ mood: 5 }, { date: NEXT_DAY });
  await a.round();
  server.restore(backup, "e2");
  server.batches.length = 0;
  assert.deepEqual(await a.round(), { kind: "synced" });
  assert.deepEqual(named(server), [["a2", 0], ["a3", 0]]);
  assert.deepEqual([server.stored(DAY).mood, server.stored(NEXT_DAY).mood], [6, 5]);
  assert.deepEqual([server.days.get(DAY).revision, (await a.sync.state()).epoch], [1, "e2"]);
});

test("an edit of another's day is offered under its own name, too", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  const backup = server.backup();
  await b.edit({ mood: 6 });
  await settled(b, a);
  await a.edit({ energy: 2 });
  await a.round();
  server.restore(backup, "e2");
  server.batches.length = 0;
  await a.round();
  assert.deepEqual(named(server), [["a2", 0]]);
});

test("what is offered again is kept until it is acknowledged, however long that takes", async () => {
  const { server, clock, phones: [a] } = await scene("a");
  const backup = server.backup();
  await a.edit({ mood: 6 });
  await a.round();
  server.restore(backup, "e2");
  server.postpones.add("a2");
  await a.round();
  clock.forward(40 * 24 * HOUR);
  await a.round();
  assert.equal((await a.shown()).mood, 6);
  server.postpones.clear();
  await a.round();
  assert.equal(server.stored(DAY).mood, 6);
});

test("a day that one phone deleted and logged again is so again, and nothing is asked", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  await b.edit({ mood: 6, energy: 1 });
  await settled(b, a);
  const backup = server.backup();
  await a.edit({ mood: 4 });
  await a.round();
  await a.remove();
  await a.round();
  await a.edit({ mood: 5 });
  await a.round();
  server.restore(backup, "e2");
  await settled(a, b);
  assert.deepEqual([server.stored(DAY).mood, server.stored(DAY).energy], [5, null]);
  assert.equal((await a.sync.state()).unsent, 0);
});

test("a phone that only sends notices it, and one that only asks something else", async () => {
  const { server, phones: [a] } = await scene("a");
  const backup = server.backup();
  await a.edit({ mood: 6 });
  await a.round();
  server.restore(backup, "e2");
  await a.edit({ mood: 5 }, { date: NEXT_DAY });
  a.fates = [undefined, undefined, "dropped"]; // two batches, and no reading
  await a.round();
  assert.deepEqual([server.stored(DAY).mood, server.stored(NEXT_DAY).mood], [6, 5]);
  server.restore(backup, "e3");
  assert.equal(await a.sync.heard("e3"), true);
  assert.equal(await a.sync.heard(null), false);
  assert.equal((await a.sync.state()).unsent, 2);
});

test("every edit of a day is offered again, oldest first, each upon the one before", async () => {
  const { server, phones: [a] } = await scene("a");
  const backup = server.backup();
  for (const mood of [4, 5]) {
    await a.edit({ mood });
    await a.round();
  }
  server.restore(backup, "e2");
  server.batches.length = 0;
  await a.round();
  assert.deepEqual(named(server), [["a2", 0], ["a3", 1]]);
  assert.deepEqual([server.stored(DAY).mood, server.days.get(DAY).revision], [5, 2]);
});

test("an answer of an older edit is not taken for one that was taken away", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  const backup = server.backup();
  await a.edit({ mood: 4 });
  await a.round();
  await a.edit({ anxiety: 7 });
  await a.round();
  server.restore(backup, "e2");
  await b.edit({ energy: 3 });
  await settled(b, a);
  const { mood, anxiety, energy } = server.stored(DAY);
  assert.deepEqual({ mood, anxiety, energy }, { mood: 4, anxiety: 7, energy: 3 });
});

test("an edit upon a revision of the lost history is offered as a whole new day", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  const backup = server.backup();
  await b.edit({ mood: 4 });
  await settled(b, a);
  await a.edit({ energy: 3 }); // upon b's revision 1
  server.restore(backup, "e2");
  server.batches.length = 0;
  await a.round();
  assert.deepEqual(named(server), [["a2", 1], ["a2.1", 0]]);
  assert.deepEqual([server.stored(DAY).mood, server.stored(DAY).energy], [4, 3]);
  await settled(b, a);
  assert.deepEqual([await a.shown(), await b.shown()], [server.stored(DAY), server.stored(DAY)]);
});

test("a base of the lost history never matches a revision of the same number", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  const backup = server.backup();
  await a.edit({ mood: 4, energy: 1 });
  await a.round();
  await a.edit({ mood: 5, energy: 1 });
  server.restore(backup, "e2");
  await b.edit({ anxiety: 7 });
  await b.round(); // revision 1 is another one now
  await settled(a, b);
  const { mood, energy, anxiety } = server.stored(DAY);
  assert.deepEqual({ mood, energy, anxiety }, { mood: 5, energy: 1, anxiety: 7 });
});

test("whichever phone comes back first, the later edit of a day stands", async () => {
  for (const isSecondFirst of [false, true]) {
    const { server, clock, phones: [a, b] } = await scene("a", "b");
    const backup = server.backup();
    await a.edit({ mood: 4 });
    await settled(a, b);
    clock.forward(HOUR);
    await b.edit({ mood: 7, note: "walk" });
    await settled(b, a);
    server.restore(backup, "e2");
    await settled(...(isSecondFirst ? [b, a] : [a, b]));
    assert.deepEqual([server.stored(DAY).mood, server.stored(DAY).note], [7, "walk"]);
    assert.deepEqual([await a.shown(), await b.shown()], [server.stored(DAY), server.stored(DAY)]);
  }
});

test("while it is offered again, a day shows what was last known of it", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  await a.edit({ mood: 4 });
  await settled(a, b);
  await b.edit({ mood: 7 });
  await settled(b, a);
  await a.sync.heard("e2");
  assert.deepEqual([(await a.shown()).mood, (await a.sync.day(DAY)).state], [7, "synced"]);
  server.epoch = "e2";
  a.fates = [undefined, "dropped"]; // acknowledged again, but nothing was read yet
  await a.round();
  assert.deepEqual([(await a.sync.state()).unsent, (await a.shown()).mood], [0, 7]);
  await a.edit({ note: "walk" });
  await settled(a);
  assert.deepEqual([server.stored(DAY).mood, server.stored(DAY).note], [7, "walk"]);
});

test("a deletion is not undone by a restore, whichever phone comes back first", async () => {
  for (const isDeleterFirst of [true, false]) {
    const { server, phones: [a, b] } = await scene("a", "b");
    const backup = server.backup();
    await a.edit({ mood: 4 });
    await settled(a, b);
    const later = server.backup();
    await b.remove();
    await settled(b);
    server.restore(isDeleterFirst ? backup : later, "e2");
    await settled(...(isDeleterFirst ? [b, a, b] : [a, b]));
    assert.equal(server.days.get(DAY).deleted, true);
    assert.equal((await b.sync.state()).attention, 0);
  }
});

test("a deletion that found nothing does not take away what is logged anew", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  const backup = server.backup();
  await a.edit({ mood: 4 });
  await settled(a, b);
  await b.remove();
  await settled(b);
  server.restore(backup, "e2");
  await settled(b); // its deletion finds nothing
  await a.sync.erase(0);
  await a.start();
  await a.edit({ mood: 4 }); // the same answers, but said again
  await settled(a, b);
  assert.equal(server.stored(DAY).mood, 4);
});

test("a day nobody has any more is forgotten once all was read again", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  const backup = server.backup();
  await a.edit({ mood: 4 });
  await settled(a, b);
  server.restore(backup, "e2");
  await settled(b);
  assert.equal((await b.sync.day(DAY)).state, "none");
  await settled(a, b);
  assert.equal((await b.shown()).mood, 4);
});
