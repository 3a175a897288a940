// A picture of the API's.

import { useEffect, useState } from "preact/hooks";
import { Failure, html, useAsked, Waiting } from "./frame.js";
import { api } from "./session.js";

const SHAPES = { chart: [480, 224], curve: [480, 360] };

/**
 * Fetched like everything else, not left to the browser: it would keep an old picture of the same
 * address, and know nothing of an expired login. `version` changes whenever the picture may.
 * @param {{src: string, version: string, alt: string, shape?: "chart" | "curve"}} given
 */
export function Picture({ src, version, alt, shape = "chart" }) {
  const { found, failure, again } = useAsked(() => api.picture(src), [src, version]);
  const [address, setAddress] = useState("");
  useEffect(() => {
    if (!found) return undefined;
    const made = URL.createObjectURL(found);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [found]);
  const [width, height] = SHAPES[shape];
  if (failure) return html`<${Failure} ...${{ failure, again }} />`;
  if (!address) return html`<div class=${`picture ${shape}`}><${Waiting} label="Drawing" /></div>`;
  return html`<img class=${`picture ${shape}`} src=${address} width=${width} height=${height} alt=${alt} />`;
}
