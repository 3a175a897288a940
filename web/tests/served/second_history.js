// The same phones after the server came back from a backup that had none of what they sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { daysAgo, logIn, makePhone, stored } from "./phone.js";

const login = await logIn();
const [a, b] = [await makePhone("a", login), await makePhone("b", login)];
const WRITTEN = [1, 3, 4, 5, 6, 7, 8];

async function answersOf(days) {
  const { revision, ...answers } = (await stored(login, daysAgo(days))) ?? { revision: 0 };
  return answers;
}

test("what was acknowledged is there again, though the server had lost it", async () => {
  const known = new Map((await a.sync.days()).map(({ date, answers }) => [date, answers]));
  const { epoch } = await a.sync.state();
  const before = await Promise.all(WRITTEN.map(answersOf));
  const lost = WRITTEN.filter((days, at) => !isDeepStrictEqual(before[at], known.get(daysAgo(days))));
  assert.ok(lost.length >= 3, String(lost));
  await b.edit(daysAgo(9), { energy: 1 }); // upon a revision of the history that is gone
  for (let rounds = 0; rounds < 3; rounds++) for (const phone of [a, b]) assert.deepEqual(await phone.round(), { kind: "synced" });
  assert.notEqual((await a.sync.state()).epoch, epoch);
  for (const days of WRITTEN) {
    const after = await answersOf(days);
    assert.deepEqual(after, known.get(daysAgo(days)), daysAgo(days));
    for (const phone of [a, b]) assert.deepEqual((await phone.sync.day(daysAgo(days))).answers, after);
  }
  assert.equal((await answersOf(9)).energy, 1);
  assert.equal((await a.sync.state()).unsent + (await b.sync.state()).unsent, 0);
});
