// Logging in, and then to where one's role begins.

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../lib/client.js";
import { html, inWords, show, Waiting } from "../lib/frame.js";
import { api, logOut } from "../lib/session.js";
import { pageAfterLogin } from "../lib/ways.js";

/** @import { Place } from "../lib/types.js" */

const ROLES = { patient: "patient", clinician: "clinician", front_desk: "front desk", admin: "administration" };

/** @param {string} role */
const named = (role) => ROLES[/** @type {keyof typeof ROLES} */ (role)] ?? role;

/** To the role's first page; answers the role when it has none. @param {string} role */
function goHome(role) {
  const page = pageAfterLogin(role, location.search);
  if (page !== null) location.replace(page);
  return page === null ? role : null;
}

/** @param {unknown} failure */
function whyNot(failure) {
  if (!(failure instanceof Problem)) return inWords(failure);
  if (failure.kind === "wrong-credentials") {
    return "E-mail or password is wrong. Check both; capital letters count. If you have forgotten it, choose a new one.";
  }
  if (failure.kind === "too-many-attempts") {
    return "Too many attempts. Wait a few minutes, then try again.";
  }
  return inWords(failure);
}

function Login() {
  const [busy, setBusy] = useState(api.isLoggedIn());
  const [told, setTold] = useState("");
  const [places, setPlaces] = useState(/** @type {Place[]} */ ([]));
  const [given, setGiven] = useState({ email: "", password: "" });
  const [pageless, setPageless] = useState(/** @type {string | null} */ (null));

  useEffect(() => {
    if (!busy) return;
    api.send("GET", "/v1/me").then(({ body }) => setPageless(goHome(body.role)), () => setBusy(false));
  }, []);

  /** @param {string} [membership] */
  async function logIn(membership) {
    setBusy(true);
    setTold("");
    const body = { ...given, cookies: true, ...(membership && { membership_id: membership }) };
    try {
      const answer = await api.sendAsNobody("/v1/auth/login", body);
      setPageless(goHome(answer.body.user.role));
    } catch (failure) {
      setBusy(false);
      const several = failure instanceof Problem && failure.kind === "choose-membership";
      if (several) setPlaces(failure.told.memberships ?? []);
      else setTold(whyNot(failure));
    }
  }

  if (pageless !== null) return html`<${NoPage} role=${pageless} />`;
  if (places.length > 0) return html`<${Places} places=${places} choose=${logIn} busy=${busy} told=${told} />`;
  return html`<${Form} ...${{ given, setGiven, logIn, busy, told }} />`;
}

/** @param {any} given */
function Form({ given, setGiven, logIn, busy, told }) {
  /** @param {string} key */
  const taking = (key) => (/** @type {any} */ event) => setGiven({ ...given, [key]: event.target.value });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    logIn();
  };
  return html`<main class="front">
    <h1><img src="/web/lib/icon.svg" alt="" width="44" height="44" />Interlude</h1>
    <p class="lead">The time between two sessions, kept in view.</p>
    <form class="card" onSubmit=${submit}>
      <label>E-mail
        <input type="email" name="email" autocomplete="username" required value=${given.email} onInput=${taking("email")} />
      </label>
      <label>Password
        <input type="password" name="password" autocomplete="current-password" required value=${given.password} onInput=${taking("password")} />
      </label>
      <div role="alert">${told && html`<p class="notice bad">${told}</p>`}</div>
      <button type="submit" class="main" disabled=${busy}>Log in</button>
      ${busy && html`<${Waiting} label="Logging in" />`}
    </form>
    <p class="foot"><a href="/reset">Forgot your password?</a></p>
    <p class="foot">New here? Your clinic invites you. <a href="/docs">For developers</a></p>
  </main>`;
}

/** @param {{places: Place[], choose: (id: string) => void, busy: boolean, told: string}} given */
function Places({ places, choose, busy, told }) {
  return html`<main class="front">
    <h1><img src="/web/lib/icon.svg" alt="" width="44" height="44" />Interlude</h1>
    <div class="card">
      <h2>Where are you today?</h2>
      ${places.map((place) => html`<button type="button" class="choice" disabled=${busy} onClick=${() => choose(place.membership_id)}>
        <strong>${place.clinic_name}</strong><span>as ${named(place.role)}</span>
      </button>`)}
      <div role="alert">${told && html`<p class="notice bad">${told}</p>`}</div>
    </div>
  </main>`;
}

/** @param {{role: string}} given */
function NoPage({ role }) {
  return html`<main class="front">
    <h1><img src="/web/lib/icon.svg" alt="" width="44" height="44" />Interlude</h1>
    <div class="card">
      <h2>You are logged in</h2>
      <p>There is no page for the role ${named(role)} yet. All that you may do is in the API, to read and to try at <a href="/docs">/docs</a>.</p>
      <button type="button" onClick=${logOut}>Log out</button>
    </div>
  </main>`;
}

show(Login);
