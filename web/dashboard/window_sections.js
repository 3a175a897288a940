// Everything about the time between sessions: the answer, the curve, the windows and what they show together.

import { Failure, html, Waiting } from "../lib/frame.js";
import { ExposureTable, RecoveryTable } from "./after_sessions.js";
import { Answer } from "./answer.js";
import { ResponseCurveSection } from "./curve.js";
import { Outlook, OutcomesTable, Troughs, WearOffTimes } from "./outlook.js";
import { FractionsTable, WindowsTable } from "./windows.js";

/** @import { Trend } from "../lib/types.js" */
/** @import { Windows } from "../lib/window_types.js" */

/** @param {{found: Windows | undefined, failure: unknown, again: () => void, measures: Trend[], path: string, choose: (changes: Record<string, string>) => void}} given */
export function WindowSections({ found, failure, again, measures, path, choose }) {
  if (failure) return html`<${Failure} ...${{ failure, again }} />`;
  if (found === undefined) return html`<${Waiting} label="Reading the windows" />`;
  const told = found;
  const isThere = told.windows.length > 0;
  return html`<${Answer} told=${told} />
    <${ResponseCurveSection} ...${{ windows: told, measures, path }} choose=${(/** @type {string} */ measure) => choose({ measure })} />
    ${isThere && html`<${WindowsTable} told=${told} />
    <div class="pair">
      <${FractionsTable} told=${told} />
      <${Troughs} told=${told} />
    </div>
    <div class="pair wide">
      <${RecoveryTable} told=${told} />
      <${ExposureTable} exposure=${told.exposure} />
    </div>
    <div class="pair">
      <${Outlook} told=${told} />
      <${WearOffTimes} told=${told} />
    </div>
    <${OutcomesTable} told=${told} />`}`;
}
