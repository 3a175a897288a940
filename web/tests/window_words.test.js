// What the figures of windows say: the API's numbers in sentences, absent ones with their reason.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as words from "../lib/window_words.js";

const some = (value, more = {}) => ({ value, n_observed: 18, n_expected: 22, longest_gap_days: 2, interval: null, reason: null, ...more });
const none = (reason) => some(null, { reason });
const WORN_OFF = { state: "worn_off", reason: null, day: 14, interval: [11, 18], gain: some(3.21, { interval: [2.54, 3.88] }), censored_by: null, censored_on: null, watched_to: 17, p_worn_off: 0.934, fractions: [], rule: null };
const HOLDING = { ...WORN_OFF, state: "holding", day: null, interval: null };
const window = (wear_off, more = {}) => ({ session_id: "a", date: "2026-11-03", is_open: true, wear_off, days: 17, coverage: some(0.8), gain_kept: [{ day: 7, share: some(0.8) }, { day: 14, share: some(0.64) }, { day: 21, share: none("window_too_short") }], ...more });
const times = (more = {}) => ({ n_windows: 0, n_events: 0, median: none("too_few_windows"), windows: [], ...more });

function told(wear_off, more = {}) {
  return {
    current: { session_id: "a", date: "2026-11-03", day_offset: 17 },
    windows: [window(wear_off)],
    measure: { prompt: "Mood", unit: null, maximum: 10 },
    reference: { source: "course", from: "2026-04-01", to: "2026-04-07", level: some(2.6), reason: null },
    time_to_wear_off: times(),
    troughs: { levels: [], slope_per_week: none("too_few_days") },
    ...more,
  };
}

const earlier = (...states) => states.map((state, at) => window({ ...(state === "worn_off" ? { ...WORN_OFF, day: 14 + 7 * at } : HOLDING), state }, { session_id: `e${at}`, is_open: false }));
const after = (now, states, more = {}) => words.whereNow(told(now, { windows: [window(now), ...earlier(...states)], ...more }));

test("the top line counts from the session and tells of all the windows before", () => {
  const before = times({ n_windows: 3, n_events: 2, median: some(24) });
  assert.equal(
    after(HOLDING, ["worn_off", "worn_off", "holding", "no_response", "insufficient"], { time_to_wear_off: before }),
    "Day 17 since the last session; of 5 earlier windows 2 had worn off about day 24, 1 held, 1 had no measurable gain, 1 cannot tell",
  );
  assert.equal(words.whereNow(told(HOLDING)), "Day 17 since the last session");
  assert.equal(words.whereNow(told(HOLDING, { current: null })), "No session yet");
});

test("without a median the days themselves are told, or that none wore off", () => {
  assert.match(after(HOLDING, ["worn_off", "worn_off", "holding"]), /; of 3 earlier windows 2 had worn off, on day 14 and 21, 1 held$/);
  assert.match(after(HOLDING, ["holding", "holding"]), /; of 2 earlier windows none had worn off, 2 held$/);
});

test("a median that counts the present window says so", () => {
  const windows = [{ session_id: "a", day: 14, is_censored: false }];
  const all = times({ n_windows: 7, n_events: 5, median: some(24), windows });
  assert.match(after(WORN_OFF, ["worn_off"], { time_to_wear_off: all }), /; of 1 earlier window 1 had worn off about day 24 \(the median of all windows so far\)$/);
});

test("the sentence says whether it worked and whether it lasts", () => {
  assert.equal(words.answer(told(WORN_OFF)), "After the session on 3 Nov the gain was 3.2 points (2.5 to 3.9); half of it was gone about day 14 (11 to 18).");
  assert.equal(words.answer(told({ ...WORN_OFF, interval: [11, null] })), "After the session on 3 Nov the gain was 3.2 points (2.5 to 3.9); half of it was gone about day 14 (11 or later).");
  assert.equal(words.answer(told(HOLDING)), "After the session on 3 Nov the gain was 3.2 points (2.5 to 3.9); by day 17 half of it was not seen to be gone (18 of 22 days logged); on day 14 64\u00a0% of it was there.");
  const nothing = { ...HOLDING, state: "no_response", gain: some(0.3, { interval: [-0.4, 1] }) };
  assert.equal(words.answer(told(nothing)), "After the session on 3 Nov there was no measurable gain: 0.3 points (\u22120.4 to 1).");
  const own = told(nothing, { reference: { ...told(nothing).reference, source: "pre_session" } });
  assert.match(words.answer(own), /no measurable gain over the usual level before a session: /);
  assert.match(words.answer(told({ ...HOLDING, watched_to: 9 })), /; by day 9, the last day logged, half of it was not seen to be gone/);
});

test("where nothing can be told yet, the sentence says why and tells of the window before", () => {
  const cannot = { ...HOLDING, state: "insufficient", reason: "too_few_early_days", gain: none("too_few_early_days") };
  const first = "After the session on 3 Nov nothing can be told yet: too few of the first days (18 of 22 days logged).";
  assert.equal(words.answer(told(cannot)), first);
  const before = window(WORN_OFF, { session_id: "b", date: "2026-09-29", is_open: false });
  const both = told(cannot, { windows: [window(cannot), before] });
  assert.equal(words.answer(both), `${first} After the session on 29 Sep the gain was 3.2 points (2.5 to 3.9); half of it was gone about day 14 (11 to 18).`);
});

test("sessions too close together have the level before them instead of a day", () => {
  const close = { ...HOLDING, state: null, reason: "interval_too_short" };
  const levels = [{ session_id: "a", date: "2026-11-03", level: some(4.5) }];
  assert.equal(
    words.answer(told(close, { troughs: { levels, slope_per_week: none("too_few_days") } })),
    "After the session on 3 Nov: sessions too close together to tell a wear-off day. Before the session on 3 Nov the level was 4.5 of 10.",
  );
});

test("a cell tells how far a window was watched, and how likely a day is", () => {
  const [open, closed] = [{ is_open: true, days: 17 }, { is_open: false, days: 17 }];
  assert.equal(words.wearOffWords(WORN_OFF, closed), "half gone about day 14 (11 to 18), 93 % likely");
  assert.equal(words.wearOffWords(HOLDING, open), "held until today");
  assert.equal(words.wearOffWords({ ...HOLDING, watched_to: 4 }, open), "held to day 4, the last day logged");
  assert.equal(words.wearOffWords({ ...HOLDING, watched_to: 16, censored_by: "next_session" }, closed), "held to day 16, the last day logged");
  assert.equal(words.wearOffWords({ ...HOLDING, censored_by: "next_session" }, closed), "held until the next session");
  assert.equal(words.wearOffWords({ ...HOLDING, censored_by: "event", censored_on: "2026-11-09" }, open), "held until an event on 9 Nov");
  assert.equal(words.wearOffWords({ ...HOLDING, state: "insufficient", reason: "no_baseline" }, open), "cannot tell: no baseline");
  assert.equal(words.wearOffWords({ ...HOLDING, state: null, reason: "interval_too_short" }, closed), "sessions too close together to tell a wear-off day");
});

test("a level is named with its source, or that there is none", () => {
  assert.equal(words.referenceWords(told(HOLDING)), "Gains are counted from 2.6 of 10: the level of the days before the course, 1 Apr to 7 Apr 2026.");
  const missing = { source: null, from: null, to: null, level: none("too_few_baseline_days"), reason: "too_few_baseline_days" };
  assert.equal(words.referenceWords(told(HOLDING, { reference: missing })), "No level to count gains from: too few baseline days.");
});

test("a side effect is gone, still there, or nobody asked", () => {
  const gone = { is_resolved: true, resolved_day: 2, interval: [1, 2], reason: null };
  assert.equal(words.recoveryWords(gone), "gone by day 2 (1 to 2)");
  assert.equal(words.recoveryWords({ ...gone, is_resolved: false, resolved_day: null }), "still there when last asked");
  assert.equal(words.recoveryWords({ is_resolved: null, resolved_day: null, interval: null, reason: "too_few_days" }), "too few days");
});

test("a dose that was not recorded is not made up", () => {
  assert.equal(words.given([]), "dose not recorded");
  assert.equal(words.given([{ drug: "ketamine", route: "intravenous", dose_mg: 35, mg_per_kg: 0.5 }]), "ketamine 35 mg (0.5 mg/kg)");
  assert.equal(words.given([{ drug: "esketamine", route: "intranasal", dose_mg: 56, mg_per_kg: null }]), "esketamine 56 mg");
});

test("a direction is told with how likely it is, and never as sure", () => {
  const told = { days_ago: 14, day_offset: 21, p_worse: 0.934, reason: null };
  assert.equal(words.directionWords(told), "Worse on day 21 than 14 days before: 93 % likely");
  assert.equal(words.directionWords({ ...told, p_worse: 1 }), "Worse on day 21 than 14 days before: more than 98 % likely");
  assert.equal(words.directionWords({ ...told, p_worse: 0 }), "Worse on day 21 than 14 days before: less than 2 % likely");
  assert.match(words.directionWords({ ...told, p_worse: null, reason: "too_few_days" }), /^Against 14 days before: /);
});
