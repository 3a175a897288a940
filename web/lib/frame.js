// What every page has: a place to stand in, notices, waiting, and errors that say what to do.

import { h, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import htm from "htm";
import { LoggedOut, Problem, Unreachable } from "./client.js";
import { goAndLogIn, logOut } from "./session.js";

export const html = htm.bind(h);

/** Draws the page. @param {any} Page */
export function show(Page) {
  const place = document.getElementById("page");
  if (place === null) return;
  place.replaceChildren();
  render(html`<${Page} />`, place);
}

/** What to tell somebody about a failure, and what they can do. @param {unknown} failure */
export function inWords(failure) {
  if (failure instanceof Unreachable) return "There is no connection right now. Try again when there is.";
  if (failure instanceof Problem && failure.status === 403) return "This page is not for your role.";
  if (failure instanceof Problem && failure.status === 404) return "There is nothing here, or it is not yours to see.";
  if (failure instanceof Problem && failure.status >= 500) return "The server cannot answer right now. Try again in a moment.";
  if (failure instanceof Problem) return faultsOf(failure) || failure.message;
  return "Something went wrong on this page. Load it again.";
}

/** @param {Problem} problem */
function faultsOf({ told }) {
  const faults = told.errors?.map(({ pointer, detail }) => `${pointer.slice(1).replaceAll("_", " ")}: ${detail}`);
  return faults?.join(" ") ?? "";
}

/** Asks for the page's contents; whoever is logged out goes and logs in. @param {() => Promise<any>} ask @param {unknown[]} about */
export function useAsked(ask, about) {
  const [state, setState] = useState(/** @type {{found?: any, failure?: unknown, asking: boolean}} */ ({ asking: true }));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    setState((before) => ({ ...before, failure: undefined, asking: true }));
    ask().then(
      (found) => wanted && setState({ found, asking: false }),
      (failure) => {
        if (failure instanceof LoggedOut) goAndLogIn();
        else if (wanted) setState((before) => ({ ...before, failure, asking: false }));
      },
    );
    return () => { wanted = false; };
  }, [...about, turn]);
  return { ...state, again: () => setTurn(turn + 1) };
}

/** Shown once something takes longer than a moment. */
export function Waiting({ label = "Loading" }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300); // milliseconds: sooner it would only flicker
    return () => clearTimeout(timer);
  }, []);
  return html`<p class="waiting" role="status">${late ? `${label} …` : ""}</p>`;
}

/** @param {{failure: unknown, again?: () => void}} told */
export function Failure({ failure, again }) {
  return html`<div class="notice bad" role="alert">
    <p>${inWords(failure)}</p>
    ${again && html`<button type="button" onClick=${again}>Try again</button>`}
  </div>`;
}

/** @param {{children?: any, place?: string, who?: string}} given */
export function Header({ children, place, who }) {
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  return html`<header class="bar">
    <a class="brand" href=${place ?? "/"}><img src="/web/lib/icon.svg" alt="" width="26" height="26" />Interlude</a>
    <div class="bar-end">
      ${children}
      ${who && html`<span class="who">${who}</span>`}
      ${who && html`<button type="button" class="plain" onClick=${() => logOut().catch(setFailure)}>Log out</button>`}
    </div>
  </header>
  ${failure && html`<${Failure} failure=${failure} />`}`;
}
