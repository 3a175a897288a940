// What every client of check-ins decides alike: the cases it shares with the one in tests/sync.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ANSWER_FIELDS, isLater, normal } from "../lib/sync_answers.js";
import { merge } from "../lib/sync_merge.js";
import { carryOut, decide } from "../lib/sync_outcome.js";
import { nextWait } from "../lib/sync_wait.js";

const told = JSON.parse(readFileSync(new URL("../../tests/sync_vectors.json", import.meta.url), "utf8"));
const SERVER_NOW = "2026-11-23T21:00:00Z";
const MINE = { op_id: "m", recorded_at: "2026-11-23T20:00:00Z", timezone: "Europe/Berlin", confirmed_lower: false };
const THEIRS = { op_id: "b", recorded_at: "2026-11-23T19:00:00Z", clock_suspect: false };

const whole = (answers) => answers && normal(answers);

function currentOf({ answers, touched = {} }, revision = 1) {
  const { "*": others = THEIRS, ...named } = touched;
  const each = Object.fromEntries(ANSWER_FIELDS.map((field) => [field, named[field] ?? others]));
  return { ...normal(answers ?? {}), deleted: answers === null, revision, op_id: THEIRS.op_id, touched: each };
}

for (const { name, given, normal: expected } of told.normal) {
  test(`one form of a day: ${name}`, () => assert.deepEqual(normal(given), whole(expected)));
}

for (const { name, mine, theirs, is_mine_later: expected } of told.later) {
  test(`the later of two: ${name}`, () => assert.equal(isLater(mine, theirs ?? undefined, Date.parse(SERVER_NOW)), expected));
}

for (const { name, base, mine, current, lower, result } of told.merge) {
  test(`a merge: ${name}`, () => {
    const merged = merge(whole(base), { ...MINE, ...mine, answers: whole(mine.answers) }, currentOf(current), Date.parse(SERVER_NOW), lower);
    assert.equal(merged.kind, result.kind);
    assert.equal(merged.reason, result.reason);
    assert.deepEqual(merged.both?.map(({ field }) => field), result.both);
    if (result.kind !== "send") return;
    assert.deepEqual(merged.answers, whole(result.answers));
    assert.equal(merged.confirmed_lower, result.confirmed_lower ?? false);
  });
}

for (const { name, operation, result, epoch, becomes } of told.outcomes) {
  test(`an outcome: ${name}`, () => {
    const { base_revision: revision, base_answers = null, base_epoch, op_id = "m" } = operation;
    const [root, tries = "0"] = op_id.split(".");
    const answers = operation.delete ? null : normal(operation.answers ?? { mood: 6 });
    const base = { revision, answers: whole(base_answers), epoch: base_epoch, op_id: null };
    const op = { ...MINE, root, tries: Number(tries), op_id, answers, base, date: "2026-11-23" };
    const current = result.current ? currentOf(result.current, result.revision) : null;
    const given = { op_id, revision: null, problem: null, ...result, current };
    const decided = decide(op, given, { epoch, serverNow: Date.parse(SERVER_NOW), at: SERVER_NOW });
    assert.equal(decided.kind, becomes.kind);
    assert.equal(decided.question?.reason, becomes.reason);
    if (becomes.kind !== "anew") return;
    let kept;
    carryOut({ keep: (anew) => { kept = anew; }, put: () => {} }, { ...op, earlier: [] }, decided, { epoch, at: SERVER_NOW });
    assert.deepEqual([kept.op_id, kept.recorded_at, kept.state, kept.was_sent], [becomes.op_id, MINE.recorded_at, "pending", false]);
    assert.deepEqual([kept.base.revision, kept.base.epoch], [becomes.base_revision, epoch]);
    assert.deepEqual(kept.answers, becomes.delete ? null : whole(becomes.answers));
  });
}

for (const { name, last_ms: last, random, told_ms: asked, wait_ms: expected } of told.waits) {
  test(`a wait: ${name}`, () => assert.equal(nextWait(last, random, asked), expected));
}
