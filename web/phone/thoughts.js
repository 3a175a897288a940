// The suicidal-thoughts item: one question among the others, and help in sight whatever the answer.

import { html } from "../lib/frame.js";

/** @import { Asked } from "../lib/types.js" */

const NAME = "suicidal_thoughts";

/** @param {{asked: Asked, value: string | null, choose: (value: string | null) => void}} given */
export function Thoughts({ asked, value, choose }) {
  const { shown, prompt, choices } = asked.suicidal_thoughts;
  if (!shown) return null;
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
  </fieldset>`;
}
