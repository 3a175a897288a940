// A forgotten password: a letter is asked for, and its link comes back here.

import { useState } from "preact/hooks";
import { Problem } from "../lib/client.js";
import { html, inWords, show } from "../lib/frame.js";
import { api } from "../lib/session.js";
import { Field, Form, Front, tokenInAddress } from "./front.js";

/** @param {unknown} failure */
function whyNot(failure) {
  const over = failure instanceof Problem && ["gone", "not-found"].includes(failure.kind);
  return over ? "This link was used, or its time is up. Ask for a new one." : inWords(failure);
}

/** Sends a body once; what became of it. @param {string} path @param {unknown} body */
function useSending(path, body) {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const [done, setDone] = useState(false);
  async function send() {
    setBusy(true);
    setTold("");
    try {
      await api.sendAsNobody(path, body);
      setDone(true);
    } catch (failure) {
      setTold(whyNot(failure));
    }
    setBusy(false);
  }
  return { busy, told, done, send };
}

function Ask() {
  const [email, setEmail] = useState("");
  const { done, ...sending } = useSending("/v1/auth/reset", { email });
  if (done) {
    return html`<${Front}><div class="card">
      <h2>Look into your mail</h2>
      <p>If ${email} has an account here, a link is on its way to it. It is good for an hour.</p>
      <p><a href="/">Back to logging in</a></p>
    </div><//>`;
  }
  return html`<${Front}><${Form} button="Send me a link" ...${sending}>
    <p>Tell us your e-mail, and we send a link with which you choose a new password.</p>
    <${Field} label="E-mail" type="email" name="email" complete="username" value=${email} take=${setEmail} />
  <//><//>`;
}

/** @param {{token: string}} given */
function Choose({ token }) {
  const [password, setPassword] = useState("");
  const { done, ...sending } = useSending(`/v1/auth/reset/${encodeURIComponent(token)}`, { new_password: password });
  if (done) {
    return html`<${Front}><div class="card">
      <h2>Your password is changed</h2>
      <p>Wherever you were logged in, you are not any more.</p>
      <p><a href="/">Log in</a></p>
    </div><//>`;
  }
  return html`<${Front}><${Form} button="Use this password" ...${sending}>
    <input type="email" name="email" autocomplete="username" hidden />
    <${Field} label="New password" type="password" name="password" complete="new-password" hint="12 characters or more" value=${password} take=${setPassword} />
    <p><a href="/reset">Ask for a new link</a></p>
  <//><//>`;
}

function Reset() {
  const [token] = useState(tokenInAddress);
  return token === "" ? html`<${Ask} />` : html`<${Choose} token=${token} />`;
}

show(Reset);
