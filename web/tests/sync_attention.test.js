// What waits for the patient: it is shown and kept, keeps nothing else back, and is settled by them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { scene, DAY } from "./sync_phone.js";

const NEXT_DAY = "2026-11-24";
const HOUR = 3_600_000;

async function ops(phone) {
  return (await phone.operations()).map(({ op_id, state, answers, base }) => [op_id, state, answers?.mood ?? null, base.revision]);
}

test("what the server refuses is shown and kept, and a corrected edit takes its place", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  await a.edit({ mood: 5 }, { date: NEXT_DAY });
  server.refuses.add("a2");
  assert.deepEqual(await a.round(), { kind: "synced" });
  const [refused] = await a.sync.attention();
  assert.deepEqual([refused.op_id, refused.question.reason, refused.question.problem.errors[0].pointer], ["a2", "rejected", "/mood"]);
  assert.equal(server.stored(NEXT_DAY).mood, 5);
  assert.deepEqual([(await a.sync.day(DAY)).state, (await a.shown()).mood], ["attention", 6]);
  await a.edit({ mood: 7 });
  await a.round();
  assert.equal(server.stored(DAY).mood, 7);
  assert.deepEqual(await a.sync.attention(), []);
});

test("a later edit of the day takes the place of one that is refused while it waits", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  a.fates = ["dropped"];
  await a.round();
  await a.edit({ mood: 7 });
  server.refuses.add("a2");
  await a.round();
  assert.deepEqual(await ops(a), [["a3", "acked", 7, 0]]);
  assert.equal(server.stored(DAY).mood, 7);
});

test("a later edit takes the place of one that was merged before it was asked about", async () => {
  const { server, clock, phones: [a, b] } = await scene("a", "b");
  await a.edit({ mood: 1 });
  await a.round();
  await b.round();
  await b.edit({ energy: 2 });
  await b.round();
  await a.edit({ anxiety: 3 });
  a.fates = ["dropped"];
  await a.round();
  await a.edit({ note: "walk" }); // from what a said, before it was merged
  a.fates = [undefined, "dropped"]; // conflict: merged, and the merge does not arrive
  await a.round();
  await b.remove();
  await b.round();
  clock.forward(HOUR);
  await a.round(); // the merge met the deletion, then the later edit does
  const [op, ...more] = await a.sync.attention();
  assert.deepEqual([op.op_id, op.question.reason, more.length], ["a4", "deleted", 0]);
  await a.sync.settle(op.op_id, "mine");
  await a.round();
  const { mood, energy, anxiety, note } = server.stored(DAY);
  assert.deepEqual({ mood, energy, anxiety, note }, { mood: 1, energy: null, anxiety: 3, note: "walk" });
});

for (const choice of ["mine", "theirs"]) {
  test(`what needs attention is settled by the patient: ${choice}`, async () => {
    const { server, phones: [a] } = await scene("a");
    await a.edit({ mood: 6 });
    server.refuses.add("a2");
    await a.round();
    await a.sync.settle("a2", choice);
    await a.round();
    assert.equal(server.stored(DAY)?.mood, choice === "mine" ? 6 : undefined);
    assert.equal((await a.sync.state()).unsent, 0);
    await assert.rejects(a.sync.settle("a2", choice), /asked about that any more/);
  });
}

test("an op id known with other contents waits for the patient, and is offered under another name", async () => {
  const { server, phones: [a] } = await scene("a");
  await a.edit({ mood: 6 });
  server.instead = [{ status: 200, body: { results: [{ op_id: "a2", status: "mismatch", revision: null, problem: { status: 422 } }] } }];
  await a.round();
  assert.equal((await a.sync.attention())[0].question.reason, "mismatch");
  await a.sync.settle("a2", "mine");
  await a.round();
  assert.equal(server.batches.at(-1).items[0].op_id, "a2.1");
});

test("an edit of a deleted day is asked about: mine logs it again, theirs lets it go", async () => {
  for (const choice of ["mine", "theirs"]) {
    const { server, phones: [a, b] } = await scene("a", "b");
    await a.edit({ mood: 6 });
    await a.round();
    await b.round();
    await b.remove();
    await b.round();
    await a.edit({ energy: 2 });
    await a.round();
    const [op] = await a.sync.attention();
    assert.equal(op.question.reason, "deleted");
    await a.sync.settle(op.op_id, choice);
    await a.round();
    assert.equal(server.days.get(DAY).deleted, choice === "theirs");
    assert.deepEqual(await a.shown(), server.stored(DAY));
  }
});

test("a deletion of what another changed is asked about", async () => {
  for (const choice of ["mine", "theirs"]) {
    const { server, phones: [a, b] } = await scene("a", "b");
    await a.edit({ mood: 6 });
    await a.round();
    await b.round();
    await b.edit({ energy: 2 });
    await b.round();
    await a.remove();
    await a.round();
    const [op] = await a.sync.attention();
    assert.equal(op.question.reason, "changed");
    await a.sync.settle(op.op_id, choice);
    await a.round();
    assert.equal(server.days.get(DAY).deleted, choice === "mine");
    assert.deepEqual(await a.shown(), server.stored(DAY));
  }
});

test("an edit of a tombstone that was collected is asked about, never brought back by itself", async () => {
  for (const choice of ["mine", "theirs"]) {
    const { server, phones: [a, b] } = await scene("a", "b");
    await a.edit({ mood: 6 });
    await a.round();
    await b.round();
    await b.remove();
    await b.round();
    server.collect();
    await a.edit({ energy: 2 });
    await a.round();
    const [op] = await a.sync.attention();
    assert.equal(op.question.reason, "gone");
    assert.equal(server.stored(DAY), null);
    await a.sync.settle(op.op_id, choice);
    await a.round();
    assert.equal(server.stored(DAY)?.energy, choice === "mine" ? 2 : undefined);
  }
});

test("what takes a thought back is asked first, then sent as confirmed", async () => {
  for (const choice of ["mine", "theirs"]) {
    const { server, phones: [a] } = await scene("a");
    await a.edit({ mood: 6, suicidal_thoughts: "often" });
    await a.round();
    await a.edit({ mood: 7, suicidal_thoughts: "none" });
    await a.round();
    const [op] = await a.sync.attention();
    assert.equal(op.question.reason, "lower");
    assert.equal(server.stored(DAY).suicidal_thoughts, "often");
    await a.sync.settle(op.op_id, choice);
    await a.round();
    const { mood, suicidal_thoughts } = server.stored(DAY);
    assert.deepEqual([mood, suicidal_thoughts], [7, choice === "mine" ? "none" : "often"]);
    assert.equal((await a.sync.state()).unsent, 0);
  }
});
