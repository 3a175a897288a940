// A server of one patient's days as docs/sync.md promises it, small enough to be read: what the
// client's own tests send to. tests/test_sync_served.py asks the same of the real one.

import { answersOf, areSame, isSuspect, normal } from "../lib/sync_answers.js";

const THOUGHTS = ["none", "fleeting", "often", "most_of_the_time"];
const weight = (thoughts) => Math.max(0, THOUGHTS.indexOf(thoughts));

export function makeServer({ now }) {
  let kept = { epoch: "e1", days: new Map(), history: new Map(), known: new Map(), version: 0, floor: 0 };
  const server = {
    get epoch() { return kept.epoch; },
    set epoch(epoch) { kept.epoch = epoch; },
    get days() { return kept.days; },
    batches: [],
    /** The next answers instead of our own: {status, headers, body}, or a function of the request. */
    instead: [],
    refuses: new Set(),
    postpones: new Set(),
    card: null,
    backup: () => structuredClone(kept),
    restore: (backup, epoch) => { kept = { ...structuredClone(backup), epoch }; },
    collect: () => {
      for (const [date, day] of kept.days) if (day.deleted) { kept.days.delete(date); kept.floor = Math.max(kept.floor, day.version); }
    },
    answer: (path, request) => {
      const other = server.instead.shift();
      const told = (typeof other === "function" ? other(request) : other) ?? route(path, request);
      const headers = { Epoch: kept.epoch, Date: new Date(now()).toUTCString(), ...told.headers };
      return { status: told.status, headers: { get: (name) => headers[name] ?? null }, json: async () => structuredClone(told.body) };
    },
  };

  function route(path, request) {
    if (path === "/v1/me/checkins/batch") return batch(JSON.parse(request.body));
    return changes(new URL(path, "http://server").searchParams);
  }

  function batch({ epoch, items }) {
    server.batches.push({ epoch, items });
    return { status: 200, body: { results: items.map((item) => ({ ...item, ...one(item, epoch) })), safety_card: server.card } };
  }

  function one(item, epoch) {
    const { op_id, date, delete: isDelete } = item;
    const answers = isDelete ? null : normal(item);
    const said = JSON.stringify([date, answers, isDelete ? null : [item.recorded_at, item.timezone], item.confirmed_lower === true]);
    if (server.refuses.has(op_id)) return { status: "rejected", problem: { errors: [{ pointer: "/mood", detail: "Must be a whole number 0-10." }] } };
    if (server.postpones.has(op_id)) return { status: "retry", problem: { status: 503 } };
    const day = kept.days.get(date);
    const known = kept.known.get(op_id);
    if (known && known.said !== said) return { status: "mismatch", problem: { status: 422 } };
    if (known?.kind === "applied") return { status: "duplicate", revision: known.revision };
    if (known) return day ? conflict(day) : { status: "gone" };
    if (!day && (isDelete || item.base_revision > 0)) return { status: "gone" };
    if (day && areSame(day.answers, answers)) return { status: "duplicate", revision: day.revision };
    const isForeign = item.base_revision > 0 && epoch !== null && epoch !== kept.epoch;
    if (day && (isForeign || item.base_revision !== day.revision || lowers(day, item))) {
      kept.known.set(op_id, { kind: "conflict", said });
      return conflict(day);
    }
    const history = kept.history.get(date) ?? [];
    const revision = history.length + 1;
    const entry = { op_id, answers, recorded_at: item.recorded_at ?? null, clock_suspect: !isDelete && isSuspect(item.recorded_at, now()) };
    kept.history.set(date, [...history, entry]);
    kept.version += 1;
    kept.days.set(date, { date, revision, version: kept.version, answers, deleted: answers === null, entry });
    kept.known.set(op_id, { kind: "applied", said, revision });
    return { status: "applied", revision };
  }

  function lowers(day, item) {
    if (item.delete || day.deleted || weight(item.suicidal_thoughts) >= weight(day.answers.suicidal_thoughts)) return false;
    return !item.confirmed_lower || [null, undefined, "declined"].includes(item.suicidal_thoughts);
  }

  function shown({ date, revision, answers, deleted, entry }) {
    const { op_id, recorded_at, clock_suspect } = entry;
    return { date, revision, deleted, ...normal(answers ?? {}), op_id, recorded_at, clock_suspect };
  }

  function conflict(day) {
    const touched = {};
    let before = {};
    for (const { answers, ...entry } of kept.history.get(day.date)) {
      const after = normal(answers ?? {});
      for (const field of Object.keys(after)) if (!areSame(after[field], before[field])) touched[field] = entry;
      before = after;
    }
    return { status: "conflict", revision: day.revision, current: { ...shown(day), touched } };
  }

  function changes(query) {
    const [epoch, version, floor] = JSON.parse(query.get("cursor") ?? JSON.stringify([kept.epoch, 0, kept.floor]));
    if (epoch !== kept.epoch || version > kept.version || Math.max(version, floor) < kept.floor) return { status: 410, body: {} };
    const days = [...kept.days.values()].filter((day) => day.version > version).sort((a, b) => a.version - b.version);
    const page = days.slice(0, server.page ?? Number(query.get("limit")));
    const more = page.length < days.length;
    const reached = more ? page.at(-1).version : kept.version;
    return { status: 200, body: { items: page.map(shown), next: JSON.stringify([kept.epoch, reached, floor]), more } };
  }

  /** A day's answers as the server has them; null where there are none. */
  server.stored = (date) => (kept.days.has(date) ? answersOf(shown(kept.days.get(date))) : null);
  return server;
}
