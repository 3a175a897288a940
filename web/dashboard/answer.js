// The top line: where the patient is in the window, and in one sentence whether it worked and lasts.

import { html } from "../lib/frame.js";
import { answer, referenceWords, whereNow } from "../lib/window_words.js";

/** @import { Windows } from "../lib/window_types.js" */

/** @param {{told: Windows}} given */
export function Answer({ told }) {
  return html`<section class="answer" aria-label="Where things are">
    <p class="where">${whereNow(told)}</p>
    <p>${answer(told)}</p>
    <p class="quiet small">${told.measure.prompt}. ${referenceWords(told)}</p>
  </section>`;
}
