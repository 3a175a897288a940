// Which period is looked at: kept in the address, so that it can be shared and gone back to.

import { addDays, daysBetween } from "../lib/format.js";
import { html } from "../lib/frame.js";

export const LENGTHS = [28, 90, 365];

/** @param {{from: string, to: string, today: string, choose: (changes: Record<string, string>) => void}} given */
export function PeriodPicker({ from, to, today, choose }) {
  const length = daysBetween(from, to) + 1;
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    choose({ from: String(given.get("from")), to: String(given.get("to")) });
  };
  return html`<form class="period no-print" onSubmit=${submit} aria-label="Period">
    <div class="lengths">${LENGTHS.map((days) => html`<button type="button" aria-pressed=${to === today && length === days}
      onClick=${() => choose({ from: addDays(today, 1 - days), to: today })}>${days} days</button>`)}</div>
    <label>From <input type="date" name="from" required value=${from} max=${today} /></label>
    <label>to <input type="date" name="to" required value=${to} max=${today} /></label>
    <button type="submit">Show</button>
  </form>`;
}
