// A day's answers between the form and the API.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answersOf, areSame, bodyOf, differences, missing, unanswered } from "../phone/draft.js";
import { sendingOf, store } from "../phone/store.js";
import { Problem } from "../lib/client.js";

const ASKED = {
  measures: [{ key: "mood", prompt: "Mood" }, { key: "sleep_hours", prompt: "Sleep" }],
  custom: [{ key: "pain", prompt: "Pain" }],
  side_effects: [{ code: "nausea", label: "Nausea", window: "acute" }],
  severities: [{ value: 1, label: "noticeable" }],
  suicidal_thoughts: { shown: false, prompt: "Thoughts", choices: [{ value: "none", label: "none" }, { value: "often", label: "often" }] },
};
const STORED = {
  date: "2026-11-23", revision: 2, deleted: false, mood: 0, sleep_hours: null, custom: { pain: 3 },
  side_effects: [], note: null, suicidal_thoughts: "declined", received_at: "2026-11-23T19:14:00Z",
};
const ENTERED = { recorded_at: "2026-11-23T19:14:00Z", timezone: "Europe/Berlin" };

test("nothing is answered before it is touched, and nothing is sent for it", () => {
  const body = bodyOf(unanswered(), ASKED, null, ENTERED);
  assert.deepEqual(body, { mood: null, sleep_hours: null, suicidal_thoughts: null, side_effects: null, custom: null, note: null, ...ENTERED });
});

test("a stored day goes through the form unchanged", () => {
  const body = bodyOf(answersOf(STORED, ASKED), ASKED, STORED, ENTERED);
  for (const key of ["mood", "sleep_hours", "custom", "side_effects", "note", "suicidal_thoughts"]) {
    assert.deepEqual(body[key], STORED[key], key);
  }
});

test("a deleted day is an empty form, and gives nothing back to the day", () => {
  const gone = { ...STORED, deleted: true };
  assert.ok(areSame(answersOf(gone, ASKED), unanswered()));
  assert.equal(bodyOf(unanswered(), ASKED, gone, ENTERED).suicidal_thoughts, null);
});

test("no side effects is an answer, none asked is none, a cleared rating neither", () => {
  assert.equal(missing({ ...unanswered(), side_effects: [] }, ASKED), null);
  assert.match(missing(unanswered(), ASKED), /at least one/);
  assert.match(missing({ ...unanswered(), ratings: { mood: null }, note: "  " }, ASKED), /at least one/);
  assert.equal(missing({ ...unanswered(), ratings: { mood: 0 } }, ASKED), null);
});

test("the safety item is sent as answered where it is asked, and alone it is an answer", () => {
  const asking = { ...ASKED, suicidal_thoughts: { ...ASKED.suicidal_thoughts, shown: true } };
  const often = { ...answersOf(STORED, asking), suicidal_thoughts: "often" };
  assert.equal(bodyOf(often, asking, STORED, ENTERED).suicidal_thoughts, "often");
  assert.equal(bodyOf({ ...often, suicidal_thoughts: null }, asking, STORED, ENTERED).suicidal_thoughts, null);
  assert.ok(!areSame(often, answersOf(STORED, asking)));
  assert.equal(missing({ ...unanswered(), suicidal_thoughts: "none" }, asking), null);
  const none = { ...often, suicidal_thoughts: "none" };
  assert.deepEqual(differences(often, none, asking), [{ prompt: "Thoughts", mine: "often", theirs: "none" }]);
});

test("the card comes with what was saved, what conflicts and what was refused", async () => {
  const card = { title: "Thank you for telling us" };
  const sending = sendingOf("2026-11-23", {}, null);
  const saved = await store({ send: async () => ({ body: { revision: 1, safety_card: card } }) }, sending);
  assert.deepEqual(saved, { kind: "saved", day: { revision: 1 }, card });
  for (const status of [412, 422]) {
    const told = { type: "/problems/x", title: "", status, detail: "", current: STORED, safety_card: card };
    const refused = await store({ send: async () => { throw new Problem(told); } }, sending);
    assert.deepEqual(refused.card, card);
  }
});

test("a ticked side effect needs its severity", () => {
  const ticked = { ...unanswered(), side_effects: [{ code: "nausea", severity: 0 }] };
  assert.match(missing(ticked, ASKED), /Nausea/);
});

test("answers are the same whatever their order, and a cleared one is one never given", () => {
  const one = { ratings: { mood: 1, sleep_hours: 2 }, custom: {}, side_effects: null, note: "x " };
  const other = { ratings: { sleep_hours: 2, mood: 1, anxiety: null }, custom: {}, side_effects: null, note: "x" };
  assert.ok(areSame(one, other));
  assert.ok(!areSame(one, { ...other, side_effects: [] }));
});

test("a conflict shows what differs and nothing else", () => {
  const mine = { ...answersOf(STORED, ASKED), ratings: { mood: 5 }, side_effects: [{ code: "nausea", severity: 1 }] };
  assert.deepEqual(differences(mine, answersOf(STORED, ASKED), ASKED), [
    { prompt: "Mood", mine: "5", theirs: "0" },
    { prompt: "Side effects", mine: "Nausea (noticeable)", theirs: "none" },
  ]);
});

test("a new day must be absent, a correction names what it is based on", async () => {
  const sent = [];
  const api = { send: async (...request) => { sent.push(request); return { body: STORED }; } };
  await store(api, sendingOf("2026-11-23", {}, null));
  await store(api, sendingOf("2026-11-23", {}, STORED));
  assert.deepEqual(sent.map(([, , { headers }]) => [headers["If-None-Match"], headers["If-Match"]]), [["*", undefined], [undefined, '"r2"']]);
  assert.notEqual(sent[0][2].headers["Idempotency-Key"], sent[1][2].headers["Idempotency-Key"]);
});

test("a day that moved meanwhile is a conflict with what is stored, anything else a failure", async () => {
  const refusing = (told) => ({ send: async (method) => {
    if (method === "GET") return { body: STORED };
    throw new Problem({ type: "/problems/x", title: "", detail: "", ...told });
  } });
  const sending = sendingOf("2026-11-23", {}, null);
  const { current } = await store(refusing({ status: 412, current: STORED }), sending);
  assert.deepEqual(current, STORED);
  assert.equal((await store(refusing({ status: 428 }), sending)).current, STORED);
  assert.equal((await store(refusing({ status: 503 }), sending)).kind, "failed");
});
