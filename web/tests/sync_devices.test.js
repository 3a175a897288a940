// Several phones of one patient: what they said of the same days becomes one, whoever is first.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makePhone, scene, DAY } from "./sync_phone.js";

const HOUR = 3_600_000;
const EFFECTS = [[{ code: "nausea", severity: 1 }], [{ code: "dizziness", severity: 2 }, { code: "nausea", severity: 3 }]];

async function settled(...phones) {
  for (let rounds = 0; rounds < 4; rounds++) for (const phone of phones) assert.equal((await phone.round()).kind, "synced");
}

test("two phones that were apart say the same in the end, whichever is first", async () => {
  const ends = [];
  for (const order of [[0, 1], [1, 0]]) {
    const { server, clock, phones } = await scene("a", "b");
    const [a, b] = phones;
    await a.edit({ mood: 4, note: "begun", side_effects: [] });
    await settled(a, b);
    clock.forward(HOUR);
    await a.edit({ mood: 6, energy: 2, side_effects: EFFECTS[0], suicidal_thoughts: "fleeting" });
    clock.forward(HOUR);
    await b.edit({ mood: 2, anxiety: 5, side_effects: EFFECTS[1], suicidal_thoughts: "none" });
    await settled(...order.map((at) => phones[at]));
    assert.deepEqual([await a.shown(), await b.shown()], [server.stored(DAY), server.stored(DAY)]);
    ends.push(server.stored(DAY));
  }
  assert.deepEqual(ends[0], ends[1]);
  const { mood, energy, anxiety, note, side_effects, suicidal_thoughts } = ends[0];
  assert.deepEqual({ mood, energy, anxiety, note }, { mood: 2, energy: 2, anxiety: 5, note: "begun" }); // b was later
  assert.deepEqual([side_effects, suicidal_thoughts], [EFFECTS[1], "fleeting"]);
});

test("an answer both gave is shown once on the phone that merged", async () => {
  const { clock, phones: [a, b] } = await scene("a", "b");
  await a.edit({ mood: 6 });
  clock.forward(HOUR);
  await b.edit({ mood: 2 });
  await settled(a, b);
  const [notice] = await b.sync.notices();
  assert.deepEqual([notice.date, notice.fields], [DAY, [{ field: "mood", mine: 2, theirs: 6, stands: 2 }]]);
  await b.sync.dismissNotice(notice.id);
  assert.deepEqual(await b.sync.notices(), []);
  assert.deepEqual(await a.sync.notices(), []);
});

test("a merge keeps when each answer was recorded, so that a third phone is not deceived", async () => {
  const { server, clock, phones: [a, b, c] } = await scene("a", "b", "c");
  await a.edit({ mood: 6 });
  clock.forward(HOUR);
  await c.edit({ mood: 8 });
  clock.forward(HOUR);
  await b.edit({ energy: 1 });
  await settled(a, b, c); // b's merge is the newest operation of the day, but a's is the mood's
  assert.deepEqual([server.stored(DAY).mood, server.stored(DAY).energy], [8, 1]);
});

test("a phone whose clock says 2099 does not win by it", async () => {
  const { server, clock, phones: [a] } = await scene("a");
  const b = await makePhone("b", server, clock, { off: Date.parse("2099-01-01") - clock.now() }).start();
  await b.edit({ mood: 2 });
  await b.round();
  await a.edit({ mood: 6 });
  await settled(a, b);
  assert.equal(server.stored(DAY).mood, 6);
});

test("both delete it: nothing is asked", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  await a.edit({ mood: 6 });
  await settled(a, b);
  await a.remove();
  await b.remove();
  await settled(a, b);
  assert.equal(server.days.get(DAY).revision, 2);
  assert.equal((await b.sync.state()).attention, 0);
});

test("changes are read page by page, and a day under way keeps what was said here", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  server.page = 2;
  for (let day = 10; day < 15; day++) await a.edit({ mood: day - 10 }, { date: `2026-11-${day}` });
  await settled(a);
  await b.edit({ mood: 9 }, { date: "2026-11-12" });
  b.fates = ["dropped"];
  await b.round();
  server.instead = [{ status: 503 }]; // the sending fails, so nothing is read either
  await b.round();
  assert.equal((await b.shown("2026-11-12")).mood, 9);
  await settled(b);
  assert.deepEqual((await b.sync.days()).map(({ date, answers, state }) => [date.slice(8), answers.mood, state]), [
    ["10", 0, "synced"], ["11", 1, "synced"], ["12", 9, "synced"], ["13", 3, "synced"], ["14", 4, "synced"],
  ]);
});

test("a day deleted elsewhere goes, also where its tombstone was collected before this phone asked", async () => {
  for (const isCollected of [false, true]) {
    const { server, phones: [a, b] } = await scene("a", "b");
    await a.edit({ mood: 6 });
    await settled(a, b);
    await a.remove();
    await a.round();
    if (isCollected) server.collect();
    await settled(b);
    assert.equal((await b.sync.day(DAY)).state, "none");
  }
});

test("a cursor that is not taken is dropped, and everything is read again", async () => {
  for (const status of [400, 410]) {
    const { server, phones: [a, b] } = await scene("a", "b");
    await a.edit({ mood: 6 });
    await settled(a, b);
    server.instead = [{ status, body: {} }];
    assert.deepEqual(await b.round(), { kind: "synced" });
    assert.equal((await b.shown()).mood, 6);
    server.instead = [{ status, body: {} }, { status, body: {} }]; // again and again: not for ever
    assert.equal((await b.round()).kind, "later");
  }
});

test("days of pages that were not read yet are not forgotten", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  for (const date of ["2026-11-10", "2026-11-11"]) await a.edit({ mood: 4 }, { date });
  await settled(a, b);
  server.page = 1;
  server.instead = [{ status: 410, body: {} }];
  b.fates = [undefined, undefined, "dropped"]; // the refusal, the first page
  assert.equal((await b.round()).kind, "later");
  assert.equal((await b.shown("2026-11-11")).mood, 4);
  await settled(b);
  assert.equal((await b.sync.days()).length, 2);
});

test("a page of a history that has ended meanwhile is not taken", async () => {
  const { server, phones: [a, b] } = await scene("a", "b");
  await a.edit({ mood: 4 });
  await settled(a, b);
  await a.edit({ mood: 5 });
  await a.round();
  b.interfere = async (under) => {
    if (!under.includes("day/")) return;
    b.interfere = null;
    await b.sync.heard("e2"); // another request of the page's was answered just now
  };
  server.epoch = "e1";
  await b.round();
  assert.equal(b.interfere, null);
  server.epoch = "e2";
  await settled(b, a);
  assert.deepEqual([(await b.shown()).mood, (await b.sync.state()).epoch], [5, "e2"]);
});
