// The same phones after the server came back from a backup that had none of what they sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { daysAgo, logIn, makePhone, stored } from "./phone.js";

const login = await logIn();
const [a, b] = [await makePhone("a", login), await makePhone("b", login)];

test("what was acknowledged is there again, though the server had lost it", async () => {
  const known = new Map((await a.sync.days()).map(({ date, answers }) => [date, answers]));
  const { epoch } = await a.sync.state();
  for (let days = 1; days < 9; days++) {
    const { revision, ...before } = (await stored(login, daysAgo(days))) ?? { revision: 0 };
    assert.notDeepEqual(before, known.get(daysAgo(days)), daysAgo(days)); // it was lost
  }
  await b.edit(daysAgo(9), { energy: 1 }); // upon a revision of the history that is gone
  for (let rounds = 0; rounds < 3; rounds++) for (const phone of [b, a]) assert.deepEqual(await phone.round(), { kind: "synced" });
  assert.notEqual((await a.sync.state()).epoch, epoch);
  for (let days = 1; days < 9; days++) {
    const { revision, ...after } = await stored(login, daysAgo(days));
    assert.deepEqual(after, known.get(daysAgo(days)), daysAgo(days));
    assert.deepEqual((await b.sync.day(daysAgo(days))).answers, after);
  }
  assert.equal((await stored(login, daysAgo(9))).energy, 1);
  assert.equal((await a.sync.state()).unsent + (await b.sync.state()).unsent, 0);
});
