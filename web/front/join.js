// Accepting an invitation: an account is made, or a known one joins, and is logged in by that.

import { useState } from "preact/hooks";
import { Problem } from "../lib/client.js";
import { Failure, html, inWords, show, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";
import { homeOf } from "../lib/ways.js";
import { Field, Form, Front, tokenInAddress } from "./front.js";

// The version a patient accepts is that of the text below: both change together.
const CONSENT = "2026-11";

/** @param {{role: string}} given */
function Consent({ role }) {
  if (role !== "patient") return null;
  return html`<div class="consent">
    <h2>What you agree to</h2>
    <ul>
      <li>What you enter is read by the people who look after you at this clinic. You can see who looked, and when.</li>
      <li>Nobody watches it live. If you are in danger, call the emergency number of your country.</li>
      <li>You can leave out any question, correct a day, or delete it. Earlier versions stay in the clinic's history.</li>
      <li>What it computes describes your days. It is no diagnosis and no advice.</li>
    </ul>
    <label class="tick"><input type="checkbox" name="consent" required />I have read this and agree</label>
  </div>`;
}

/** @param {{invitation: any, token: string}} given */
function Accept({ invitation, token }) {
  const [given, setGiven] = useState({ display_name: "", password: "" });
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  async function send() {
    setBusy(true);
    setTold("");
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? invitation.timezone;
    const consent = invitation.role === "patient" ? { consent_version: CONSENT } : {};
    const body = { ...given, timezone, ...consent, cookies: true };
    try {
      await api.sendAsNobody(`/v1/invitations/${encodeURIComponent(token)}/accept`, body);
      location.replace(homeOf(invitation.role) ?? "/");
    } catch (failure) {
      setTold(inWords(failure));
      setBusy(false);
    }
  }
  /** @param {string} key */
  const taking = (key) => (/** @type {string} */ text) => setGiven({ ...given, [key]: text });
  return html`<${Front}><${Form} button="Join" ...${{ send, busy, told }}>
    <p>${invitation.clinic_name} has invited ${invitation.email}.</p>
    <input type="email" name="email" autocomplete="username" hidden readOnly value=${invitation.email} />
    <${Field} label="Your name" type="text" name="name" complete="name" value=${given.display_name} take=${taking("display_name")} />
    <${Field} label="Password" type="password" name="password" complete="new-password" hint="A new one, of 12 characters or more; if you have an account here already, its password." value=${given.password} take=${taking("password")} />
    <${Consent} role=${invitation.role} />
  <//><//>`;
}

function Join() {
  const [token] = useState(tokenInAddress);
  const { found, failure, again } = useAsked(async () => (await api.send("GET", `/v1/invitations/${encodeURIComponent(token)}`)).body, [token]);
  if (found) return html`<${Accept} invitation=${found} token=${token} />`;
  const over = failure instanceof Problem && ["gone", "not-found"].includes(failure.kind);
  if (over || token === "") {
    return html`<${Front}><div class="card">
      <h2>This invitation is not open</h2>
      <p>It was used, or its time is up. Ask whoever invited you for a new one. If you have joined already, <a href="/">log in</a>.</p>
    </div><//>`;
  }
  return html`<${Front}>${failure ? html`<${Failure} failure=${failure} again=${again} />` : html`<${Waiting} />`}<//>`;
}

show(Join);
