// What a patient agrees to, in their language; the version that is sent names this text and language.

import { html } from "../lib/frame.js";

/** @typedef {{weekdays: number[], opens: string, closes: string}} Hours */
/** @typedef {{clinic_name: string, role: string, email: string, timezone: string, language: string | null, asks_safety: boolean, review_hours: Hours[] | null}} Invitation */
/** @typedef {"en" | "de"} Language */

// Changes with every change of the text below: what was agreed to before is another version.
const CONSENT = "2026-11-25.2";

/** The version that is accepted. @param {Language} language */
export const versionOf = (language) => `${CONSENT}-${language}`;

const EN = {
  title: "What you agree to",
  agree: "I have read this and agree",
  weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  to: "to", and: "and", from: "from",
  parts: [
    ["Nobody watches it live", [
      "What you enter may be read hours or days later. It is no way to call for help. If you are in danger, or might act on thoughts of ending your life, call the emergency number of the country you are in. Help now, at the top of your page, has numbers at all times.",
    ]],
    ["Who sees what you enter", [
      "The people who treat you at this clinic. An answer that needs to be looked at is also seen by whoever the clinic has named for that, by whoever they give it to, and by the clinic's administration where nobody has taken it on in time. The front desk sees your appointments and how to reach you, and no answers.",
      "You can see who looked, and when.",
    ]],
    ["Your choice", [
      "You can leave out any question, correct a day, or delete it. Earlier versions stay in the clinic's history. Your treatment does not depend on what you answer here.",
      "What it computes describes your days. It is no diagnosis and no advice.",
    ]],
  ],
  question: "The question about suicidal thoughts",
  asks: "This clinic asks each day whether you had thoughts that life is not worth living, or of harming yourself.",
  asks_not: "At present this clinic does not ask each day about thoughts that life is not worth living or of harming yourself. If it begins to, the following holds.",
  looks: "How often it is looked at: in the clinic's working hours and not in between,",
  looks_zone: "by the clock of",
  looks_not_named: "How often it is looked at: on working days, in hours the clinic names before it asks. Help now tells when it looks next.",
  high: "If an answer tells of such thoughts, and they are new or stronger than fleeting ones, you see numbers to call at once, and the clinic gets a task: it looks by the end of the next working day, and is asked to look sooner the stronger the answer. Somebody may call you. Fleeting thoughts that you have told of in the days before may bring up neither the numbers nor a task; Help now has the numbers at all times. If nobody takes it on in time, others at the clinic are told. The app is not locked, your treatment does not hang on it, and no police is called by it.",
  off: "You can leave the question out, say that you would rather not answer, or turn it off on your phone: below the question, and there on again. Rating scales such as the PHQ-9 ask about it, too; there you can leave it out.",
};

const DE = {
  title: "Wozu Sie Ihr Einverständnis geben",
  agree: "Ich habe das gelesen und bin einverstanden",
  weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
  to: "bis", and: "und", from: "von",
  parts: [
    ["Niemand liest laufend mit", [
      "Was Sie eintragen, wird vielleicht erst nach Stunden oder Tagen gelesen. Es ist kein Weg, um Hilfe zu rufen. Wenn Sie in Gefahr sind oder Gedanken, Ihr Leben zu beenden, nachgeben könnten, wählen Sie den Notruf des Landes, in dem Sie sind. Unter „Help now“, oben auf Ihrer Seite, stehen jederzeit Nummern.",
    ]],
    ["Wer sieht, was Sie eintragen", [
      "Die Menschen, die Sie in dieser Praxis behandeln. Eine Antwort, die angesehen werden muss, sehen auch diejenigen, die die Praxis dafür benannt hat, diejenigen, denen sie sie übergeben, und die Verwaltung der Praxis, wenn sich niemand rechtzeitig darum gekümmert hat. Der Empfang sieht Ihre Termine und wie Sie zu erreichen sind, aber keine Antworten.",
      "Sie können sehen, wer wann nachgesehen hat.",
    ]],
    ["Ihre Entscheidung", [
      "Sie können jede Frage auslassen, einen Tag berichtigen oder löschen. Frühere Fassungen bleiben in den Unterlagen der Praxis. Ihre Behandlung hängt nicht davon ab, was Sie hier antworten.",
      "Was berechnet wird, beschreibt Ihre Tage. Es ist keine Diagnose und kein Rat.",
    ]],
  ],
  question: "Die Frage nach Gedanken an Suizid",
  asks: "Diese Praxis fragt jeden Tag, ob Sie Gedanken hatten, dass das Leben nicht lebenswert ist, oder sich etwas anzutun.",
  asks_not: "Zurzeit fragt diese Praxis nicht jeden Tag nach Gedanken, dass das Leben nicht lebenswert ist, oder sich etwas anzutun. Wenn sie damit beginnt, gilt das Folgende.",
  looks: "Wie oft nachgesehen wird: in den Arbeitszeiten der Praxis und nicht dazwischen,",
  looks_zone: "nach der Uhr von",
  looks_not_named: "Wie oft nachgesehen wird: an Arbeitstagen, zu Zeiten, die die Praxis nennt, bevor sie fragt. Unter „Help now“ steht, wann sie als Nächstes nachsieht.",
  high: "Wenn eine Antwort von solchen Gedanken erzählt und sie neu sind oder stärker als flüchtige, sehen Sie sofort Nummern zum Anrufen, und die Praxis bekommt eine Aufgabe: Sie sieht bis zum Ende des nächsten Arbeitstags nach und wird gebeten, es umso früher zu tun, je stärker die Antwort ist. Vielleicht ruft Sie jemand an. Flüchtige Gedanken, von denen Sie in den Tagen davor schon berichtet haben, führen womöglich weder zu den Nummern noch zu einer Aufgabe; die Nummern stehen jederzeit unter „Help now“. Kümmert sich niemand rechtzeitig darum, erfahren es andere in der Praxis. Die App wird nicht gesperrt, Ihre Behandlung hängt nicht davon ab, und die Polizei wird dadurch nicht gerufen.",
  off: "Sie können die Frage auslassen, angeben, dass Sie lieber nicht antworten, oder sie auf Ihrem Telefon abschalten: unter der Frage, und dort auch wieder an. Auch Fragebögen wie der PHQ-9 fragen danach; dort können Sie sie auslassen.",
};

/** @type {Record<Language, typeof EN>} */
const TEXTS = { en: EN, de: DE };

/** @param {{invitation: Invitation, language: Language}} given */
export function Consent({ invitation, language }) {
  const say = TEXTS[language];
  const { asks_safety, review_hours, timezone } = invitation;
  return html`<div class="consent">
    <h2>${say.title}</h2>
    ${say.parts.map(([title, texts]) => html`<h3 key=${title}>${title}</h3>${/** @type {string[]} */ (texts).map((text) => html`<p key=${text}>${text}</p>`)}`)}
    <h3>${say.question}</h3>
    <p>${asks_safety ? say.asks : say.asks_not}</p>
    <p class="hours">${asks_safety && review_hours ? `${say.looks} ${hoursWords(review_hours, say)}, ${say.looks_zone} ${timezone}.` : say.looks_not_named}</p>
    <p>${say.high}</p>
    <p>${say.off}</p>
    <label class="tick"><input type="checkbox" name="consent" required />${say.agree}</label>
  </div>`;
}

/** "Monday to Friday from 09:00 to 17:00" @param {Hours[]} hours @param {typeof EN} say */
function hoursWords(hours, say) {
  return hours.map(({ weekdays, opens, closes }) => `${daysWords(weekdays, say)} ${say.from} ${opens} ${say.to} ${closes}`).join(", ");
}

/** Days that follow each other as one stretch. @param {number[]} weekdays 1 is Monday @param {typeof EN} say */
function daysWords(weekdays, say) {
  /** @type {number[][]} */
  const runs = [];
  for (const day of [...weekdays].sort()) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  const name = (/** @type {number | undefined} */ day) => say.weekdays[(day ?? 1) - 1];
  const told = runs.flatMap((run) => (run.length < 3 ? run.map(name) : [`${name(run[0])} ${say.to} ${name(run.at(-1))}`]));
  return told.length < 2 ? told.join("") : `${told.slice(0, -1).join(", ")} ${say.and} ${told.at(-1)}`;
}
