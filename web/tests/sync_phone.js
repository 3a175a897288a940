// A phone of the client's own tests: a clock that is set, a way to the server that loses things, and
// storage that outlives the page and can break off before any of its steps.

import { normal } from "../lib/sync_answers.js";
import { memoryStorage } from "../lib/sync_memory.js";
import { openSync } from "../lib/sync.js";
import { makeServer } from "./sync_server.js";

export const DAY = "2026-11-23";
export const ZONE = "Europe/Berlin";
export const NOON = Date.parse("2026-11-23T12:00:00Z");

/** A clock that only the test moves. */
export function makeClock(at = NOON) {
  const clock = { now: () => at, forward: (ms) => { at += ms; return at; } };
  return clock;
}

export class Crash extends Error {}

export function makePhone(name, server, clock, { storage = memoryStorage(), patientId = "p1", off = 0 } = {}) {
  let named = 0;
  const phone = {
    storage, isOffline: false, steps: 0, crashAt: Infinity, quota: Infinity,
    /** What becomes of the next requests: "lost" arrives but its answer does not. */
    fates: [],
    requests: 0,
  };
  const breaking = {
    read: (under) => storage.read(under),
    change: async (under, change) => {
      phone.steps += 1;
      await phone.interfere?.(under);
      if (phone.steps === phone.crashAt) throw new Crash();
      if (phone.steps >= phone.quota) throw new DOMException("full", "QuotaExceededError");
      await storage.change(under, change);
    },
  };
  phone.ground = {
    patientId, storage: breaking,
    transport: async (path, request) => {
      phone.requests += 1;
      const fate = phone.fates.shift();
      if (phone.isOffline || fate === "dropped") throw new TypeError("no network");
      const answer = server.answer(path, request);
      if (fate === "lost") throw new TypeError("connection reset");
      return answer;
    },
    alone: (_, work) => (phone.turn = Promise.resolve(phone.turn).catch(() => null).then(work)),
    clock: () => clock.now() + off,
    random: () => 0,
    newId: () => `${name}${++named}`,
  };
  phone.start = async () => { phone.sync = await openSync(phone.ground); return phone; };
  /** Changes some answers of a day, from how it is shown here. */
  phone.edit = async (answers, { date = DAY, ...more } = {}) => {
    const shown = await phone.sync.day(date);
    const changed = normal({ ...shown.answers, ...answers });
    return phone.sync.save({ date, answers: changed, timezone: ZONE, base: shown.base, ...more });
  };
  phone.remove = async (date = DAY) => {
    const { base } = await phone.sync.day(date);
    return phone.sync.remove({ date, timezone: ZONE, base });
  };
  phone.shown = async (date = DAY) => (await phone.sync.day(date)).answers;
  phone.operations = async () => [...(await storage.read(["op/"])).values()];
  phone.round = () => phone.sync.round({ isAsked: true });
  return phone;
}

/** A server and as many phones of one patient as there are names. */
export async function scene(...names) {
  const clock = makeClock();
  const server = makeServer({ now: clock.now });
  const phones = [];
  for (const name of names) phones.push(await makePhone(name, server, clock).start());
  return { clock, server, phones };
}

