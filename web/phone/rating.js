// One question of the check-in: a rating by touch, or hours by two short lists. Nothing is preset.

import { html } from "../lib/frame.js";

/** @import { Measure } from "../lib/types.js" */
/** @typedef {{measure: Measure, value: number | null, choose: (value: number | null) => void}} Given */

/** @param {Given} given */
export function Question(given) {
  return given.measure.unit === "h" ? html`<${Hours} ...${given} />` : html`<${Rating} ...${given} />`;
}

/** @param {Given} given */
function Rating({ measure, value, choose }) {
  const { key, minimum, maximum, step } = measure;
  const steps = Array.from({ length: (maximum - minimum) / step + 1 }, (_, index) => minimum + index * step);
  return html`<fieldset class="card question">
    <legend>${measure.prompt}</legend>
    <div class=${steps.length > 6 ? "scale" : "scale short"}>
      ${steps.map((at) => html`<label class="step">
        <input type="radio" name=${key} value=${at} checked=${value === at} onChange=${() => choose(at)} aria-label=${worded(measure, at)} />
        <span aria-hidden="true">${at}</span>
      </label>`)}
      ${steps.length > 6 && html`<${Clear} ...${{ measure, value, choose }} />`}
    </div>
    <p class="ends" aria-hidden="true"><span>${minimum} = ${measure.low_end}</span><span>${maximum} = ${measure.high_end}</span></p>
    ${steps.length <= 6 && value !== null && html`<${Clear} ...${{ measure, value, choose }} />`}
  </fieldset>`;
}

/** @param {Measure} measure @param {number} at */
function worded({ minimum, maximum, low_end, high_end }, at) {
  if (at === minimum) return `${at}, ${low_end}`;
  return at === maximum ? `${at}, ${high_end}` : `${at}`;
}

/** Takes an answer back: a question need not be answered. @param {Given} given */
function Clear({ measure, value, choose }) {
  return html`<button type="button" class="clear" disabled=${value === null} onClick=${() => choose(null)} aria-label=${`Clear: ${measure.prompt}`}>clear</button>`;
}

/** @param {Given} given */
function Hours({ measure, value, choose }) {
  const hours = Array.from({ length: measure.maximum - measure.minimum + 1 }, (_, index) => measure.minimum + index);
  const whole = value === null ? null : Math.floor(value);
  const rest = value === null ? 0 : value - Math.floor(value);
  /** @param {Event} event */
  const told = (event) => /** @type {HTMLSelectElement} */ (event.target).value;
  /** @param {string} text */
  const takeHours = (text) => choose(text === "" ? null : Math.min(Number(text) + rest, measure.maximum));
  return html`<fieldset class="card question">
    <legend>${measure.prompt}</legend>
    <div class="hours">
      <select aria-label="Hours" onChange=${(/** @type {Event} */ event) => takeHours(told(event))} value=${whole ?? ""}>
        <option value="" selected=${whole === null}>not given</option>
        ${hours.map((hour) => html`<option value=${hour} selected=${whole === hour}>${hour} h</option>`)}
      </select>
      <select aria-label="Minutes" disabled=${whole === null || whole === measure.maximum} value=${rest}
        onChange=${(/** @type {Event} */ event) => choose((whole ?? 0) + Number(told(event)))}>
        ${[0, 0.25, 0.5, 0.75].map((part) => html`<option value=${part} selected=${rest === part}>${part * 60} min</option>`)}
      </select>
    </div>
  </fieldset>`;
}
