// The form of one day: every question the API names, in its words.

import { html } from "../lib/frame.js";
import { Effects } from "./effects.js";
import { Question } from "./rating.js";
import { Thoughts } from "./thoughts.js";

/** @import { Answers, Asked, Measure, Ticked } from "../lib/types.js" */
/** @typedef {{who: string, asked: Asked, answers: Answers, before: Ticked[] | null, change: (answers: Answers) => void}} Given */

/** @param {Given} given */
export function DayForm({ who, asked, answers, before, change }) {
  /** @param {"ratings" | "custom"} kind */
  const question = (kind) => (/** @type {Measure} */ measure) => html`<${Question}
    key=${measure.key} measure=${measure} value=${answers[kind][measure.key] ?? null}
    choose=${(/** @type {number | null} */ value) => change({ ...answers, [kind]: { ...answers[kind], [measure.key]: value } })} />`;
  return html`
    ${asked.measures.map(question("ratings"))}
    ${asked.custom.map(question("custom"))}
    <${Effects} asked=${asked} ticked=${answers.side_effects} before=${before}
      choose=${(/** @type {Ticked[] | null} */ side_effects) => change({ ...answers, side_effects })} />
    <${Thoughts} who=${who} asked=${asked} value=${answers.suicidal_thoughts}
      choose=${(/** @type {string | null} */ suicidal_thoughts) => change({ ...answers, suicidal_thoughts })} />
    <section class="card question">
      <label>Anything to add
        <textarea rows="3" maxlength="4000" aria-describedby="note-read" value=${answers.note}
          onInput=${(/** @type {any} */ event) => change({ ...answers, note: event.target.value })}></textarea>
      </label>
      <p id="note-read" class="quiet small">Your care team can read this, but not live. If it is urgent, use Help now.</p>
    </section>`;
}
