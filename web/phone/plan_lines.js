// A safety plan between the API and a form: one line for each thing, "name, phone" for a person.

/** @typedef {{name: string, phone: string | null}} Contact */
/** @typedef {Record<string, any>} Plan */

export const WORDS = /** @type {[string, string][]} */ ([
  ["warning_signs", "How I notice that it is getting worse"],
  ["own_coping", "What helps me on my own"],
  ["places", "Where I find distance"],
  ["safer_surroundings", "What makes my surroundings safer"],
  ["reasons", "What I live for"],
]);
export const CONTACTS = /** @type {[string, string][]} */ ([
  ["people", "Whom I can ask"],
  ["professionals", "Professionals I can call"],
]);

/** The plan as the texts of a form. @param {Plan | null} plan @returns {Record<string, string>} */
export function textsOf(plan) {
  const words = WORDS.map(([key]) => [key, (plan?.[key] ?? []).join("\n")]);
  const people = CONTACTS.map(([key]) => [key, (plan?.[key] ?? []).map((/** @type {Contact} */ { name, phone }) => (phone === null ? name : `${name}, ${phone}`)).join("\n")]);
  return Object.fromEntries([...words, ...people]);
}

/** What is sent for them. @param {Record<string, string>} texts @returns {Plan} */
export function planOf(texts) {
  const words = WORDS.map(([key]) => [key, lines(texts[key])]);
  const people = CONTACTS.map(([key]) => [key, lines(texts[key]).map(contact)]);
  return Object.fromEntries([...words, ...people]);
}

/** @param {string | undefined} text */
const lines = (text) => (text ?? "").split("\n").map((line) => line.trim()).filter(Boolean);

/** The last comma parts a name from what looks like a number. @param {string} line @returns {Contact} */
function contact(line) {
  const parts = line.match(/^(.*),\s*([+0-9 ()/-]{3,40})$/);
  return parts ? { name: (parts[1] ?? "").trim(), phone: (parts[2] ?? "").trim() } : { name: line, phone: null };
}
