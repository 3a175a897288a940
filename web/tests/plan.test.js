// A safety plan between the API and its form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { planOf, textsOf } from "../phone/plan_lines.js";

const PLAN = {
  warning_signs: ["I stop answering"], own_coping: ["a walk", "music"], places: [], safer_surroundings: [], reasons: [],
  people: [{ name: "Mia", phone: "030 123456" }, { name: "my brother, who knows", phone: null }], professionals: [],
};

test("a plan goes through the form unchanged", () => {
  assert.deepEqual(planOf(textsOf(PLAN)), PLAN);
});

test("empty lines are none, and a form nobody filled in is an empty plan", () => {
  const empty = planOf(textsOf(null));
  assert.ok(Object.values(empty).every((told) => told.length === 0));
  assert.deepEqual(planOf({ ...textsOf(null), own_coping: " a walk \n\n" }).own_coping, ["a walk"]);
});
