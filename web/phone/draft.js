// A day's answers while they are being given: what was stored, what was touched, what is sent.

/** @import { Answers, Asked, Checkin } from "../lib/types.js" */

/** Nothing answered yet: no rating has a position before it is touched. @returns {Answers} */
export const unanswered = () => ({ ratings: {}, custom: {}, side_effects: null, suicidal_thoughts: null, note: "" });

/** A stored day as the form shows it. @param {Checkin | null} day @param {Asked} asked @returns {Answers} */
export function answersOf(day, asked) {
  if (day === null || day.deleted) return unanswered();
  const given = asked.measures.filter(({ key }) => day[key] !== null);
  return {
    ratings: Object.fromEntries(given.map(({ key }) => [key, day[key]])),
    custom: { ...day.custom },
    side_effects: day.side_effects,
    suicidal_thoughts: day.suicidal_thoughts ?? null,
    note: day.note ?? "",
  };
}

/**
 * The body that stores these answers; what the form does not ask keeps what is stored.
 * @param {Answers} answers @param {Asked} asked @param {Checkin | null} stored
 * @param {{recorded_at: string, timezone: string}} entered
 */
export function bodyOf(answers, asked, stored, entered) {
  const ratings = asked.measures.map(({ key }) => [key, answers.ratings[key] ?? null]);
  const kept = stored === null || stored.deleted ? null : stored;
  const custom = Object.entries(answers.custom).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(ratings),
    suicidal_thoughts: asked.suicidal_thoughts.shown ? answers.suicidal_thoughts : kept?.suicidal_thoughts ?? null,
    side_effects: answers.side_effects,
    custom: custom.length > 0 ? Object.fromEntries(custom) : null,
    note: answers.note.trim() || null,
    ...entered,
  };
}

/** What keeps the answers from being saved, in words; null when nothing does. @param {Answers} answers @param {Asked} asked */
export function missing(answers, asked) {
  const open = answers.side_effects?.find((ticked) => !ticked.severity);
  if (open) {
    const effect = asked.side_effects.find(({ code }) => code === open.code);
    return `Say how strong it was: ${effect?.label ?? open.code}.`;
  }
  const given = [...Object.values(answers.ratings), ...Object.values(answers.custom)];
  const answered = given.some((value) => value !== null) || answers.side_effects !== null || answers.suicidal_thoughts !== null;
  return answered || answers.note.trim() ? null : "Answer at least one question, then save.";
}

/** @param {Answers} one @param {Answers} other */
export function areSame(one, other) {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

/** @param {Answers} answers */
function canonical({ ratings, custom, side_effects, suicidal_thoughts, note }) {
  /** @param {Record<string, number | null>} values */
  const sorted = (values) => Object.entries(values).filter(([, value]) => value !== null).sort();
  const effects = side_effects && [...side_effects].sort((a, b) => (a.code < b.code ? -1 : 1));
  return [sorted(ratings), sorted(custom), effects?.map(({ code, severity }) => [code, severity]) ?? null, suicidal_thoughts, note.trim()];
}

/**
 * Where two versions of a day differ, each in words.
 * @param {Answers} mine @param {Answers} theirs @param {Asked} asked
 */
export function differences(mine, theirs, asked) {
  const ratings = asked.measures.map((measure) => [measure.prompt, "ratings", measure.key]);
  const custom = asked.custom.map((measure) => [measure.prompt, "custom", measure.key]);
  const rows = [...ratings, ...custom].map(([prompt, kind, key]) => ({
    prompt,
    mine: told(mine, kind, key),
    theirs: told(theirs, kind, key),
  }));
  rows.push({ prompt: "Side effects", mine: effects(mine, asked), theirs: effects(theirs, asked) });
  if (asked.suicidal_thoughts.shown) {
    const { prompt } = asked.suicidal_thoughts;
    rows.push({ prompt, mine: thoughts(mine, asked), theirs: thoughts(theirs, asked) });
  }
  rows.push({ prompt: "Note", mine: mine.note.trim() || "–", theirs: theirs.note.trim() || "–" });
  return rows.filter((row) => row.mine !== row.theirs);
}

/** @param {any} answers @param {any} kind @param {any} key */
const told = (answers, kind, key) => String(answers[kind][key] ?? "–");

/** @param {Answers} answers @param {Asked} asked */
function thoughts({ suicidal_thoughts: given }, asked) {
  return asked.suicidal_thoughts.choices.find(({ value }) => value === given)?.label ?? "–";
}

/** @param {Answers} answers @param {Asked} asked */
function effects({ side_effects }, asked) {
  if (side_effects === null) return "–";
  if (side_effects.length === 0) return "none";
  const named = side_effects.map(({ code, severity }) => {
    const label = asked.side_effects.find((effect) => effect.code === code)?.label ?? code;
    return `${label} (${asked.severities.find(({ value }) => value === severity)?.label ?? "?"})`;
  });
  return named.sort().join(", ");
}
