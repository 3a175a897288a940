// Accepting an invitation: an account is made, or a known one joins, and is logged in by that.

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../lib/client.js";
import { html, show, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";
import { homeOf } from "../lib/ways.js";
import { Consent, versionOf } from "./consent.js";
import { Field, Form, Front, tokenInAddress } from "./front.js";
import { spoken, told as toldOf, WORDS } from "./join_words.js";

/** @import { Invitation, Language } from "./consent.js" */

/** @param {{invitation: Invitation, token: string, language: Language}} given */
function Accept({ invitation, token, language }) {
  const say = WORDS[language];
  const isPatient = invitation.role === "patient";
  const [given, setGiven] = useState({ display_name: "", password: "" });
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  async function send() {
    setBusy(true);
    setTold("");
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? invitation.timezone;
    const consent = isPatient ? { consent_version: versionOf(language) } : {};
    const body = { ...given, timezone, ...consent, cookies: true };
    try {
      await api.sendAsNobody(`/v1/invitations/${encodeURIComponent(token)}/accept`, body);
      location.replace(homeOf(invitation.role) ?? "/");
    } catch (failure) {
      setTold(toldOf(failure, language));
      setBusy(false);
    }
  }
  /** @param {string} key */
  const taking = (key) => (/** @type {string} */ text) => setGiven({ ...given, [key]: text });
  return html`<${Form} button=${say.join} ...${{ send, busy, told }} sending=${say.sending}>
    <p>${say.invited(invitation.clinic_name, invitation.email)}</p>
    <input type="email" name="email" autocomplete="username" hidden readOnly value=${invitation.email} />
    <${Field} label=${say.name} type="text" name="name" complete="name" value=${given.display_name} take=${taking("display_name")} />
    <${Field} label=${say.password} type="password" name="password" complete="new-password" hint=${say.hint} value=${given.password} take=${taking("password")} />
    ${isPatient && html`<${Consent} key=${language} ...${{ invitation, language }} />`}
  <//>`;
}

/** @param {{language: Language, choose: (language: Language) => void}} given */
function Languages({ language, choose }) {
  const other = language === "en" ? "de" : "en";
  return html`<p class="foot"><button type="button" class="plain" lang=${other} onClick=${() => choose(other)}>${other === "de" ? "Auf Deutsch lesen" : "Read in English"}</button></p>`;
}

function Join() {
  const [token] = useState(tokenInAddress);
  const { found, failure, again } = useAsked(async () => (await api.send("GET", `/v1/invitations/${encodeURIComponent(token)}`)).body, [token]);
  const [chosen, choose] = useState(/** @type {Language | null} */ (null));
  const language = chosen ?? spoken(found?.language ?? navigator.language);
  useEffect(() => { document.documentElement.lang = language; }, [language]);
  const say = WORDS[language];
  if (found) return html`<${Front}><${Languages} ...${{ language, choose }} /><${Accept} invitation=${found} token=${token} language=${language} /><//>`;
  const over = failure instanceof Problem && ["gone", "not-found"].includes(failure.kind);
  if (over || token === "") {
    return html`<${Front}><div class="card">
      <h2>${say.over}</h2>
      <p>${say.over_told} <a href="/">${say.log_in}</a>.</p>
    </div><//>`;
  }
  return html`<${Front}>${failure ? html`<div class="notice bad" role="alert"><p>${toldOf(failure, language)}</p><button type="button" onClick=${again}>${language === "de" ? "Noch einmal" : "Try again"}</button></div>` : html`<${Waiting} label=${say.loading} />`}<//>`;
}

show(Join);
