// What stands beside the numbers of a patient's page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { besides } from "../dashboard/compared.js";
import { courseWords, present } from "../dashboard/course.js";
import { meantWords, pointWords } from "../dashboard/scale_words.js";
import { because, whyAbsent } from "../lib/reasons.js";
import { thresholdName, thresholdValue } from "../lib/thresholds.js";

const SUMMARY = { value: null, n_observed: 6, n_expected: 28, longest_gap_days: 22, interval: null };
const FIGURES = { from: "2026-10-29", to: "2026-11-25", mean: { ...SUMMARY, value: 5.318, reason: null }, last_date: "2026-11-24" };
const BASELINE = { source: "course", from: "2026-09-01", to: "2026-09-07", reason: null };
const NONE = { source: null, from: null, to: null, reason: "too_few_baseline_days" };
const COURSE = { id: "1", indication: "trd", route: "intravenous", phase: "maintenance", started_on: "2026-09-08", ended_on: null };

test("a change names the days it is compared with", () => {
  // 28 days from 29 Oct to 25 Nov; the 28 before them are 1 to 28 Oct
  assert.deepEqual(besides("change_to_previous", FIGURES, { baseline: BASELINE }, "period"),
    [["Mean of this period", "5.318"], ["Compared with", "1 Oct to 28 Oct 2026"]]);
  // 28 days after a session on 28 Oct: those before it end on 27 Oct
  assert.deepEqual(besides("change_to_previous", FIGURES, { baseline: BASELINE }, "since_session")[1],
    ["Compared with", "30 Sep to 27 Oct 2026"]);
  assert.deepEqual(besides("change_to_baseline", FIGURES, { baseline: BASELINE }, "period")[1],
    ["Compared with", "the baseline, 1 Sep to 7 Sep 2026"]);
  assert.deepEqual(besides("change_to_baseline", FIGURES, { baseline: NONE }, "period")[1],
    ["Compared with", "too few baseline days"]);
});

test("a last value names its day, a mean nothing besides", () => {
  assert.deepEqual(besides("last", FIGURES, { baseline: NONE }, "period"), [["Day", "24 Nov 2026"]]);
  assert.deepEqual(besides("mean", FIGURES, { baseline: NONE }, "period"), []);
});

test("few days are counted, and none is called missing", () => {
  assert.equal(whyAbsent({ ...SUMMARY, reason: "too_sparse" }), "6 of 28 days logged");
  assert.equal(whyAbsent({ ...SUMMARY, reason: "too_sparse" }, "asked"), "6 of 28 days asked");
  assert.equal(whyAbsent({ ...SUMMARY, reason: "too_few_days" }), "too few days");
  assert.equal(because("too_sparse"), "too few of the days logged");
});

test("a threshold has a name of words and a share is a percentage", () => {
  assert.equal(thresholdName("level_minimum_days"), "Fewest days");
  assert.equal(thresholdValue("level_minimum_days", 4), "4");
  assert.equal(thresholdValue("level_minimum_coverage", 0.5714), "57\u00a0%");
  assert.equal(thresholdName("a_new_one"), "a new one");
});

test("a course says for what, how, where in it and since when", () => {
  assert.equal(courseWords(COURSE), "Treatment-resistant depression, intravenous: maintenance, course since 8 Sep 2026");
  const ended = { ...COURSE, phase: "ended", ended_on: "2026-10-08" };
  assert.equal(courseWords(ended), "Treatment-resistant depression, intravenous: course ended, 8 Sep to 8 Oct 2026");
  assert.deepEqual(present([ended, COURSE]), [COURSE]);
  assert.deepEqual(present([{ ...ended, ended_on: "2025-01-01" }, ended]), [ended]);
  assert.deepEqual(present([]), []);
});

test("a score says what it is marked by", () => {
  const point = { assessment_id: "1", date: "2026-11-24", total: 13, prorated_total: null, is_prorated: false, band: null, recall_spans_session: false };
  assert.equal(pointWords(point), "24 Nov: 13");
  assert.equal(pointWords({ ...point, total: null, prorated_total: 13, is_prorated: true, recall_spans_session: true }), "24 Nov: 13 (prorated, over a session)");
});

test("only what is true of the last score is said of it", () => {
  const last = { date: "2026-11-24", total: 4, change: -14, responded: true, remitted: true, reliably_better: true, reliably_worse: false };
  const scale = { key: "phq9", name: "PHQ-9", baseline: { total: 18 }, reason: null, points: [], last };
  assert.equal(meantWords(scale), "response, remission, reliably better");
  const little = { ...last, responded: false, remitted: false, reliably_better: false };
  assert.equal(meantWords({ ...scale, last: little }), "within the scale's own error");
  const alone = { ...little, responded: null, reliably_better: null, reliably_worse: null };
  assert.equal(meantWords({ ...scale, baseline: null, reason: "no_baseline", last: alone }), "no baseline");
  assert.equal(meantWords({ ...scale, last: null }), "no complete score");
});
