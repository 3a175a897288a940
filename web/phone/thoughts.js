// The suicidal-thoughts item: one question among the others, and help in sight whatever the answer.

import { useState } from "preact/hooks";
import { html } from "../lib/frame.js";

/** @import { Asked } from "../lib/types.js" */

const NAME = "suicidal_thoughts";

/** Where it is kept that somebody does not want to be asked, on this phone alone. @param {string} who */
const placeOf = (who) => `thoughts-off-${who}`;

/** Whether the question is off for this person, and the way to turn it. @param {string} who @returns {[boolean, (isOff: boolean) => void]} */
function useOff(who) {
  const [isOff, setOff] = useState(() => localStorage.getItem(placeOf(who)) !== null);
  return [isOff, (next) => {
    if (next) localStorage.setItem(placeOf(who), "yes");
    else localStorage.removeItem(placeOf(who));
    setOff(next);
  }];
}

/** Turned off it stays in sight as such; an answer that is there is never hidden. @param {{who: string, asked: Asked, value: string | null, choose: (value: string | null) => void}} given */
export function Thoughts({ who, asked, value, choose }) {
  const [isOff, turnOff] = useOff(who);
  const { shown, prompt, choices } = asked.suicidal_thoughts;
  if (!shown) return null;
  if (isOff && value === null) {
    return html`<section class="card question thoughts" aria-label="A question that is turned off">
      <p>The question about thoughts that life is not worth living is turned off on this phone. Help now, at the top, is there all the same.</p>
      <button type="button" class="plain" onClick=${() => turnOff(false)}>Ask me again</button>
    </section>`;
  }
  return html`<fieldset class="card question thoughts" aria-describedby="thoughts-read">
    <legend>${prompt}</legend>
    <div class="grades">
      ${choices.map((choice) => html`<label class="step" key=${choice.value}>
        <input type="radio" name=${NAME} value=${choice.value} checked=${value === choice.value} onChange=${() => choose(choice.value)} />
        <span>${choice.label}</span>
      </label>`)}
    </div>
    ${value !== null && html`<button type="button" class="clear" onClick=${() => choose(null)} aria-label=${`Clear: ${prompt}`}>clear</button>`}
    <p id="thoughts-read" class="quiet small">This is not read live. If it is too much right now, use Help now at the top.</p>
    ${value === null && html`<button type="button" class="plain small" onClick=${() => turnOff(true)}>Do not ask me this on this phone</button>`}
  </fieldset>`;
}
