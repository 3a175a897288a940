// What addresses say: which page comes after a login, which period is looked at.

/** @type {Record<string, string>} */
const HOMES = { patient: "/checkin", clinician: "/patients" };
const OURS = /^\/(checkin|patients)(\/[0-9a-f-]{36})?(\?[\w=&-]*)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Where each role begins; null for those who have no page yet. @param {string} role */
export const homeOf = (role) => HOMES[role] ?? null;

/** Where to go after logging in: back to the page of ours one came from, or home. @param {string} role @param {string} search */
export function pageAfterLogin(role, search) {
  const home = homeOf(role);
  const next = new URLSearchParams(search).get("next") ?? "";
  return home !== null && OURS.test(next) && next.startsWith(home) ? next : home;
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
