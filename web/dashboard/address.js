// What the address asks the page for, and how to ask for something else: it can be shared and gone back to.

import { useEffect, useState } from "preact/hooks";
import { queryWith } from "../lib/ways.js";

/** @returns {[string, (changes: Record<string, string>) => void]} */
export function useAddress() {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const follow = () => setSearch(location.search);
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  return [search, (changes) => {
    history.pushState(null, "", location.pathname + queryWith(location.search, changes));
    setSearch(location.search);
  }];
}
