// What a phone keeps, opened for one change: what is read here is written back at once, or not at all.

/** @import { KnownDay, Meta, Operation, Storage } from "./sync_types.js" */

/** The browser, or the phone, would not store it. Nothing was changed by the attempt. */
export class NotStored extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("This device could not store it: it may be full, or not allow storage. Nothing was changed.", { cause });
  }
}

/** The one who is at this phone is not the one whose days it keeps. */
export class OfSomebodyElse extends Error {}

/** @param {number} seq */
const operationKey = (seq) => `op/${String(seq).padStart(12, "0")}`;

/** @typedef {ReturnType<typeof makeBook>} Book */

/** @param {Map<string, any>} found */
function makeBook(found) {
  /** @type {Map<string, any>} */
  const written = new Map();
  /** @param {string} key @param {any} value undefined takes it away */
  function put(key, value) {
    written.set(key, value);
    if (value === undefined) found.delete(key);
    else found.set(key, value);
  }
  /** @param {string} prefix @returns {any[]} */
  const under = (prefix) => [...found.keys()].filter((key) => key.startsWith(prefix)).sort().map((key) => found.get(key));
  /** @returns {Operation[]} oldest first */
  const operations = () => under("op/");
  return {
    written, put, under, operations,
    keys: () => [...found.keys()],
    /** @returns {any} */
    get: (/** @type {string} */ key) => found.get(key),
    /** @returns {Meta} */
    meta: () => found.get("meta"),
    /** @param {Partial<Meta>} changes */
    note: (changes) => put("meta", { ...found.get("meta"), ...changes }),
    /** What has no outcome yet. @param {string} date */
    liveOf: (date) => operations().filter((op) => op.date === date && op.state !== "acked"),
    /** @param {string} op_id */
    named: (op_id) => operations().find((op) => op.op_id === op_id),
    /** @param {Operation} op */
    keep: (op) => put(operationKey(op.seq), op),
    /** @param {Operation} op */
    drop: (op) => put(operationKey(op.seq), undefined),
    /** @param {string} date @returns {KnownDay | undefined} */
    day: (date) => found.get(`day/${date}`),
    /** @param {KnownDay} day */
    learn: (day) => put(`day/${day.date}`, day),
    /** @param {string} date */
    forget: (date) => put(`day/${date}`, undefined),
  };
}

/**
 * Changes what is kept below these keys; what the work answers comes back once it is durable.
 * @template T
 * @param {Storage} storage @param {string[]} under @param {(book: Book) => T} work must not wait for anything
 * @returns {Promise<T>}
 */
export async function change(storage, under, work) {
  /** @type {T | undefined} */
  let result;
  /** @type {unknown} */
  let fault;
  try {
    await storage.change(under, (found) => {
      const book = makeBook(found);
      try {
        result = work(book);
      } catch (error) {
        fault = error;
        throw error;
      }
      return book.written;
    });
  } catch (error) {
    throw fault === undefined ? new NotStored(error) : fault;
  }
  return /** @type {T} */ (result);
}

/** What is kept below these keys, to look at. @param {Storage} storage @param {string[]} under */
export const open = async (storage, under) => makeBook(await storage.read(under));
