// Numbers and days as people write them.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../lib/format.js";

test("a day is written without a year where the year is known", () => {
  assert.equal(format.shortDay("2026-11-03"), "3 Nov");
  assert.equal(format.fullDay("2026-11-03"), "3 Nov 2026");
  assert.equal(format.weekday("2026-11-23"), "Mon 23 Nov");
  assert.equal(format.shortDay("2026-09-30"), "30 Sep");
});

test("a span names the year twice only when it turns", () => {
  assert.equal(format.span("2026-10-27", "2026-11-23"), "27 Oct to 23 Nov 2026");
  assert.equal(format.span("2025-12-30", "2026-01-02"), "30 Dec 2025 to 2 Jan 2026");
});

test("days are counted by the calendar, also where clocks change", () => {
  assert.equal(format.addDays("2026-10-24", 2), "2026-10-26"); // Berlin's clocks went back between
  assert.equal(format.addDays("2026-03-01", -1), "2026-02-28");
  assert.equal(format.daysBetween("2026-10-24", "2026-10-26"), 2);
});

test("a number keeps as many digits as are asked for, and no false sign", () => {
  assert.equal(format.number(5.318), "5.3");
  assert.equal(format.number(5), "5");
  assert.equal(format.fixed(5), "5.0");
  assert.equal(format.fixed(-0.04), "0.0");
  assert.equal(format.number(-1.25, 2), "\u22121.25");
});

test("a difference has its sign, nothing has none", () => {
  assert.equal(format.signed(0.44), "+0.4");
  assert.equal(format.signed(-0.44), "\u22120.4");
  assert.equal(format.signed(0), "0.0");
  assert.equal(format.signed(0.04), "0.0");
  assert.equal(format.between([-0.41, 0.2], format.signed, 1), "\u22120.4 to +0.2");
});

test("one day is not one days", () => {
  assert.equal(format.counted(1, "day"), "1 day");
  assert.equal(format.counted(0, "day"), "0 days");
});
