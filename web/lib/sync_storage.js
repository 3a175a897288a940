// A browser's storage for what a phone keeps, and its locks: durable before anybody is told "saved".

import { memoryStorage } from "./sync_memory.js";

/** @import { Ground, Storage } from "./sync_types.js" */

const STORE = "entries";
const LAST_KEY = "\uffff";

/**
 * Where a patient's days are kept in this browser. On a device that is not their own nothing is
 * stored: what was not sent is gone with the page.
 * @param {string} patientId
 * @param {{isOwnDevice: boolean}} where
 * @returns {Storage}
 */
export function storageOf(patientId, { isOwnDevice }) {
  if (!isOwnDevice) return memoryStorage();
  // Asked, so that a full phone does not clear it; without it the rest works all the same.
  void navigator.storage?.persist?.().catch(() => false);
  const opened = opener(`interlude-${patientId}`);
  return {
    read: async (under) => {
      /** @type {Map<string, any>} */
      let found = new Map();
      await transact(await opened(), "readonly", under, (entries) => {
        found = entries;
        return [];
      });
      return found;
    },
    change: async (under, change) => transact(await opened(), "readwrite", under, change),
  };
}

/** @param {string} name @returns {() => Promise<IDBDatabase>} */
function opener(name) {
  /** @type {Promise<IDBDatabase> | null} */
  let opening = null;
  const forget = () => void (opening = null); // the next attempt may be luckier
  return () => {
    if (opening === null) {
      opening = open(name, forget);
      opening.catch(forget);
    }
    return opening;
  };
}

/** @param {string} name @param {() => void} closed @returns {Promise<IDBDatabase>} */
function open(name, closed) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      // A newer page in another tab, or the browser, wants it: let go, and open again when needed.
      database.onversionchange = () => {
        database.close();
        closed();
      };
      database.onclose = closed;
      resolve(database);
    };
  });
}

/**
 * @param {IDBDatabase} database @param {IDBTransactionMode} mode
 * @param {string[]} under @param {Parameters<Storage["change"]>[1]} change
 * @returns {Promise<void>} once it is on the disk, not only on its way there
 */
function transact(database, mode, under, change) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: "strict" });
    const store = transaction.objectStore(STORE);
    /** @type {unknown} */
    let fault = null;
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(fault ?? transaction.error);
    collect(store, under, (found) => {
      try {
        for (const [key, value] of change(found)) value === undefined ? store.delete(key) : store.put(value, key);
      } catch (error) {
        fault = error;
        transaction.abort();
      }
    });
  });
}

/** Every entry below these keys; told inside the transaction, which would not wait for a promise. @param {IDBObjectStore} store @param {string[]} under @param {(found: Map<string, any>) => void} told */
function collect(store, under, told) {
  /** @type {Map<string, any>} */
  const found = new Map();
  let left = under.length;
  if (left === 0) told(found);
  for (const prefix of under) {
    const request = store.openCursor(IDBKeyRange.bound(prefix, prefix + LAST_KEY));
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor) {
        found.set(String(cursor.key), cursor.value);
        cursor.continue();
      } else if (--left === 0) told(found);
    };
  }
}

/** One such work at a time in all tabs; without locks in this one, the server sorts out the rest. @type {Ground["alone"]} */
export async function alone(name, work) {
  if (navigator.locks === undefined) return work();
  return navigator.locks.request(name, work);
}
