// What addresses say: which page comes after a login, which period and measure are looked at.

/** @type {Record<string, string>} */
const HOMES = { patient: "/checkin", clinician: "/patients", admin: "/alerts" };
/** @type {Record<string, string[]>} */
const PAGES = { patient: ["checkin"], clinician: ["patients", "alerts"], admin: ["alerts"] };
const OURS = /^\/(checkin|patients|alerts)(\/[0-9a-f-]{36})?(\?[\w=&-]*)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MEASURE = /^[a-z][a-z0-9_]{0,31}$/;

/** Where each role begins; null for those who have no page yet. @param {string} role */
export const homeOf = (role) => HOMES[role] ?? null;

/** Where to go after logging in: back to the page of ours one came from, or home. @param {string} role @param {string} search */
export function pageAfterLogin(role, search) {
  const home = homeOf(role);
  const next = new URLSearchParams(search).get("next") ?? "";
  const page = OURS.exec(next)?.[1] ?? "";
  return PAGES[role]?.includes(page) ? next : home;
}

/** The query the address asks for; empty for the API's own default. @param {string} search */
export function periodAsked(search) {
  const given = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const end of ["from", "to"]) {
    const day = given.get(end) ?? "";
    if (DAY.test(day)) kept.set(end, day);
  }
  return kept.size > 0 ? `?${kept}` : "";
}

/** The measure the windows are read by; null for the API's own default. @param {string} search */
export function measureAsked(search) {
  const key = new URLSearchParams(search).get("measure") ?? "";
  return MEASURE.test(key) ? key : null;
}

/** The query with some of it changed and the rest kept. @param {string} search @param {Record<string, string>} changes */
export function queryWith(search, changes) {
  const measure = measureAsked(search);
  const kept = new URLSearchParams(periodAsked(search));
  if (measure !== null) kept.set("measure", measure);
  for (const [key, value] of Object.entries(changes)) kept.set(key, value);
  return `?${kept}`;
}
