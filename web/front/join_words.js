// The words of the page of an invitation, in English and German.

import { Problem, Unreachable } from "../lib/client.js";
import { inWords } from "../lib/frame.js";

/** @import { Language } from "./consent.js" */

const EN = {
  invited: (/** @type {string} */ clinic, /** @type {string} */ email) => `${clinic} has invited ${email}.`,
  name: "Your name", password: "Password", join: "Join", sending: "Sending", loading: "Loading",
  hint: "A new one, of 12 characters or more; if you have an account here already, its password.",
  over: "This invitation is not open",
  over_told: "It was used, or its time is up. Ask whoever invited you for a new one. If you have joined already,",
  log_in: "log in",
};

/** @type {typeof EN} */
const DE = {
  invited: (clinic, email) => `${clinic} hat ${email} eingeladen.`,
  name: "Ihr Name", password: "Passwort", join: "Beitreten", sending: "Wird gesendet", loading: "Wird geladen",
  hint: "Ein neues mit 12 oder mehr Zeichen; wenn Sie hier schon ein Konto haben, dessen Passwort.",
  over: "Diese Einladung ist nicht offen",
  over_told: "Sie wurde benutzt, oder ihre Zeit ist um. Bitten Sie um eine neue. Wenn Sie schon beigetreten sind,",
  log_in: "melden Sie sich an",
};

/** @type {Record<Language, typeof EN>} */
export const WORDS = { en: EN, de: DE };

/** The one we have for a wish like "de-AT". @param {string | null | undefined} wish @returns {Language} */
export const spoken = (wish) => (/^de\b/i.test(wish ?? "") ? "de" : "en");

/** What went wrong and what to do; the server's own words are English. @param {unknown} failure @param {Language} language */
export function told(failure, language) {
  if (language === "en") return inWords(failure);
  if (failure instanceof Unreachable) return "Es gibt gerade keine Verbindung. Versuchen Sie es wieder, sobald es eine gibt.";
  if (!(failure instanceof Problem)) return "Auf dieser Seite ist etwas schiefgegangen. Laden Sie sie neu.";
  if (failure.status >= 500) return "Der Server kann gerade nicht antworten. Versuchen Sie es gleich noch einmal.";
  if (failure.kind === "too-many-attempts") return "Zu viele Versuche. Warten Sie einige Minuten.";
  const faults = failure.told.errors?.map(({ pointer }) => OF_FIELD[pointer] ?? OTHER) ?? [OTHER];
  return [...new Set(faults)].join(" ");
}

const OTHER = "Das ging so nicht. Laden Sie die Seite neu, oder bitten Sie Ihre Praxis um eine neue Einladung.";
/** @type {Record<string, string>} */
const OF_FIELD = {
  "/password": "Passwort: 12 bis 128 Zeichen, nicht leicht zu erraten; wenn Sie hier schon ein Konto haben, dessen Passwort.",
  "/display_name": "Name: 1 bis 200 Zeichen.",
};
