// The same day, answered twice: both are shown, and the person chooses.

import { useEffect, useRef } from "preact/hooks";
import { html } from "../lib/frame.js";
import { answersOf, differences } from "./draft.js";

/** @import { Answers, Asked, Checkin } from "../lib/types.js" */

/** @param {{mine: Answers, current: Checkin, asked: Asked, keepMine: () => void, keepStored: () => void}} given */
export function Conflict({ mine, current, asked, keepMine, keepStored }) {
  const rows = differences(mine, answersOf(current, asked), asked);
  const gone = current.deleted;
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // It opens above the questions, and whoever has just saved is below them.
    place.current?.scrollIntoView({ block: "start" });
    place.current?.focus({ preventScroll: true });
  }, []);
  return html`<section class="card conflict" role="alert" tabindex="-1" ref=${place}>
    <h2>${gone ? "This day was deleted meanwhile" : "This day was changed meanwhile"}</h2>
    <p>${gone ? "Save yours again, or leave the day empty." : "Perhaps on another device. Nothing is lost: choose which answers to keep."}</p>
    <table>
      <thead><tr><td></td><th scope="col">Here</th><th scope="col">Stored</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr><th scope="row">${row.prompt}</th><td>${row.mine}</td><td>${row.theirs}</td></tr>`)}</tbody>
    </table>
    <div class="choices">
      <button type="button" class="main" onClick=${keepMine}>Keep mine</button>
      <button type="button" onClick=${keepStored}>${gone ? "Leave it empty" : "Keep the stored ones"}</button>
    </div>
  </section>`;
}
