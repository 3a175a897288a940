// What the pages for people who are not logged in share: a card, a field, a form.

import { html, Waiting } from "../lib/frame.js";

/** What a link brought behind its #, which no server sees. */
export const tokenInAddress = () => location.hash.slice(1);

/** @param {{children?: any}} given */
export function Front({ children }) {
  return html`<main class="front">
    <h1><img src="/web/lib/icon.svg" alt="" width="44" height="44" />Interlude</h1>
    ${children}
  </main>`;
}

/** @param {{label: string, type: string, name: string, complete: string, value: string, take: (text: string) => void, hint?: string}} given */
export function Field({ label, type, name, complete, value, take, hint }) {
  /** @param {any} event */
  const typed = (event) => take(event.target.value);
  const told = hint === undefined ? undefined : `${name}-hint`;
  return html`<label>${label}
    <input type=${type} name=${name} autocomplete=${complete} required value=${value} onInput=${typed} aria-describedby=${told} />
    ${hint && html`<span class="hint" id=${told}>${hint}</span>`}
  </label>`;
}

/** @param {{children?: any, send: () => void, button: string, busy: boolean, told: string, sending?: string}} given */
export function Form({ children, send, button, busy, told, sending = "Sending" }) {
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    send();
  };
  return html`<form class="card" onSubmit=${submit}>
    ${children}
    <div role="alert">${told && html`<p class="notice bad">${told}</p>`}</div>
    <button type="submit" class="main" disabled=${busy}>${button}</button>
    ${busy && html`<${Waiting} label=${sending} />`}
  </form>`;
}
