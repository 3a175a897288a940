// The course of treatment in one line.

import { fullDay, plain, span } from "../lib/format.js";

/** @typedef {{id: string, indication: string, route: string, phase: string, started_on: string, ended_on: string | null}} Course */

/** @type {Record<string, string>} */
const INDICATIONS = {
  trd: "Treatment-resistant depression",
  mdd: "Major depression",
  bipolar_depression: "Bipolar depression",
  suicidal_crisis: "Suicidal crisis",
  ptsd: "Post-traumatic stress disorder",
  anxiety: "Anxiety",
  ocd: "Obsessive–compulsive disorder",
  chronic_pain: "Chronic pain",
  other: "Other indication",
};

/** Those that go on, else the last that ended. @param {Course[]} courses the last entered first @returns {Course[]} */
export function present(courses) {
  const open = courses.filter(({ phase }) => phase !== "ended");
  return open.length > 0 ? open : courses.toSorted((one, other) => ((one.ended_on ?? "") < (other.ended_on ?? "") ? 1 : -1)).slice(0, 1);
}

/** @param {Course} course */
export function courseWords({ indication, route, phase, started_on, ended_on }) {
  const what = `${INDICATIONS[indication] ?? plain(indication)}, ${plain(route)}`;
  if (phase !== "ended") return `${what}: ${plain(phase)}, course since ${fullDay(started_on)}`;
  return `${what}: course ended${ended_on ? `, ${span(started_on, ended_on)}` : ""}`;
}
