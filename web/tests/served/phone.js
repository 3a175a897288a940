// A phone that speaks with the real server, and keeps its days in a file: what a test of a page
// keeps in a browser.

import { closeSync, existsSync, fsyncSync, openSync as openFile, readFileSync, renameSync, writeSync } from "node:fs";
import { openSync } from "../../lib/sync.js";
import { normal } from "../../lib/sync_answers.js";

const SERVER = process.env.INTERLUDE_URL;
const FOLDER = process.env.INTERLUDE_FOLDER;
const ZONE = "Europe/Berlin";
const DAY_MS = 86_400_000;

/** The day so many days ago, as the server's people count them. */
export const daysAgo = (days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** A storage in one file, written whole beside it and put in its place: durable, or not done. */
function fileStorage(path) {
  const entries = () => new Map(existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : []);
  const below = (under) => new Map([...entries()].filter(([key]) => under.some((prefix) => key.startsWith(prefix))));
  return {
    read: async (under) => below(under),
    change: async (under, change) => {
      const kept = entries();
      for (const [key, value] of change(below(under))) value === undefined ? kept.delete(key) : kept.set(key, value);
      const beside = openFile(`${path}.new`, "w");
      writeSync(beside, JSON.stringify([...kept]));
      fsyncSync(beside);
      closeSync(beside);
      renameSync(`${path}.new`, path);
    },
  };
}

export async function logIn() {
  const body = JSON.stringify({ email: "patient@demo.example", password: "demo-interlude" });
  const answer = await fetch(`${SERVER}/v1/auth/login`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const { access_token: token, user } = await answer.json();
  return { token, patientId: user.patient_id };
}

export function ask(login, path, request = {}) {
  const headers = { ...request.headers, Authorization: `Bearer ${login.token}` };
  return fetch(SERVER + path, { ...request, headers });
}

/** What the server has of a day; null where it has nothing. */
export async function stored(login, date) {
  const answer = await ask(login, `/v1/me/checkins/${date}`);
  const day = await answer.json();
  return answer.status === 404 || day.deleted ? null : { revision: day.revision, ...normal(day) };
}

export async function makePhone(name, login) {
  const phone = { fates: [] };
  let turn = Promise.resolve();
  phone.sync = await openSync({
    patientId: login.patientId,
    storage: fileStorage(`${FOLDER}/${name}.json`),
    transport: async (path, request) => {
      const answer = await ask(login, path, request);
      if (phone.fates.shift() === "lost") throw new TypeError("connection reset");
      return answer;
    },
    alone: (_, work) => (turn = turn.catch(() => null).then(work)),
    clock: Date.now,
    random: Math.random,
    newId: () => crypto.randomUUID(),
  });
  phone.round = () => phone.sync.round({ isAsked: true });
  phone.edit = async (date, answers, more = {}) => {
    const shown = await phone.sync.day(date);
    await phone.sync.save({ date, answers: { ...normal(shown.answers ?? {}), ...answers }, timezone: ZONE, base: shown.base, ...more });
  };
  phone.remove = async (date) => phone.sync.remove({ date, timezone: ZONE, base: (await phone.sync.day(date)).base });
  return phone;
}
