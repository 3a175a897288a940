// Storage that forgets: for a device that is not the patient's own, where nothing may be left behind.

/** @import { Storage } from "./sync_types.js" */

/** @returns {Storage} */
export function memoryStorage() {
  /** @type {Map<string, any>} */
  const entries = new Map();
  /** @param {string[]} under */
  const found = (under) => {
    const kept = [...entries].filter(([key]) => under.some((prefix) => key.startsWith(prefix)));
    return new Map(structuredClone(kept));
  };
  return {
    read: async (under) => found(under),
    change: async (under, change) => {
      for (const [key, value] of structuredClone([...change(found(under))])) {
        if (value === undefined) entries.delete(key);
        else entries.set(key, value);
      }
    },
  };
}
