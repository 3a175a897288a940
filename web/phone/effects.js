// Side effects of the day: none, said so; or those ticked, each with how strong it was.

import { useState } from "preact/hooks";
import { html } from "../lib/frame.js";

/** @import { Asked, SideEffect, Ticked } from "../lib/types.js" */
/** @typedef {{asked: Asked, ticked: Ticked[] | null, before: Ticked[] | null, choose: (ticked: Ticked[] | null) => void}} Given */

/** @param {Given} given */
export function Effects({ asked, ticked, before, choose }) {
  const [open, setOpen] = useState(false);
  /** The list closes on a choice, so that its severity is asked right below. @param {Ticked[] | null} next */
  const pick = (next) => {
    setOpen((next?.length ?? 0) < (ticked?.length ?? 0));
    choose(next);
  };
  const none = ticked?.length === 0;
  const some = ticked !== null && ticked.length > 0;
  const repeats = before !== null && before.length > 0 && !some;
  return html`<fieldset class="card question effects">
    <legend>Side effects today</legend>
    <div class="choices">
      <button type="button" class="chip" aria-pressed=${none} onClick=${() => choose(none ? null : [])}>None today</button>
      <button type="button" class="chip" aria-expanded=${open} onClick=${() => setOpen(!open)}>${some ? "Add another" : "Choose from the list"}</button>
      ${repeats && html`<button type="button" class="chip" onClick=${() => choose(before)}>Same as the day before</button>`}
    </div>
    ${open && html`<${Pick} ...${{ asked, ticked }} choose=${pick} />`}
    ${some && ticked.map((one) => html`<${Severity} key=${one.code} ...${{ asked, one, ticked, choose }} />`)}
  </fieldset>`;
}

/** @param {Pick<Given, "asked" | "ticked" | "choose">} given */
function Pick({ asked, ticked, choose }) {
  const between = asked.side_effects.filter(({ window }) => window !== "acute");
  const acute = asked.side_effects.filter(({ window }) => window === "acute");
  /** @param {SideEffect} effect */
  const chip = ({ code, label }) => {
    const on = ticked?.some((one) => one.code === code) ?? false;
    const others = (ticked ?? []).filter((one) => one.code !== code);
    // A severity of 0 is none yet: it is asked for before the day can be saved.
    const next = on ? others : [...others, { code, severity: 0 }];
    return html`<button type="button" class="chip" aria-pressed=${on} onClick=${() => choose(next.length > 0 ? next : null)}>${label}</button>`;
  };
  return html`<div class="pick">
    <p id="between-label">Between treatments</p>
    <div class="choices" role="group" aria-labelledby="between-label">${between.map(chip)}</div>
    <p id="acute-label">Around a treatment</p>
    <div class="choices" role="group" aria-labelledby="acute-label">${acute.map(chip)}</div>
  </div>`;
}

/** @param {{asked: Asked, one: Ticked, ticked: Ticked[], choose: (ticked: Ticked[] | null) => void}} given */
function Severity({ asked, one, ticked, choose }) {
  const label = asked.side_effects.find(({ code }) => code === one.code)?.label ?? one.code;
  /** @param {number} severity */
  const set = (severity) => choose(ticked.map((other) => (other.code === one.code ? { ...one, severity } : other)));
  const remove = () => {
    const left = ticked.filter((other) => other.code !== one.code);
    choose(left.length > 0 ? left : null);
  };
  return html`<div class="severity" role="radiogroup" aria-label=${`How strong: ${label}`}>
    <div class="severity-head"><strong>${label}</strong>
      <button type="button" class="plain" onClick=${remove} aria-label=${`Remove: ${label}`}>Remove</button></div>
    <div class="grades">
      ${asked.severities.map(({ value, label: word }) => html`<label class="step grade">
        <input type="radio" name=${`severity-${one.code}`} checked=${one.severity === value} onChange=${() => set(value)} />
        <span>${word}</span>
      </label>`)}
    </div>
  </div>`;
}
