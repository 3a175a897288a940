// The response curve: this window over earlier ones, for the measure that is chosen.

import { Curve, CurveTable, CurveWords } from "../lib/curve.js";
import { Failure, html, useAsked, Waiting } from "../lib/frame.js";
import { api } from "../lib/session.js";

/** @import { Trend } from "../lib/types.js" */
/** @import { ResponseCurve, Windows } from "../lib/window_types.js" */

const COMPOSITE = { key: "composite", prompt: "Mood, interest and energy together" };

/** @param {{windows: Windows, measures: Trend[], path: string, choose: (measure: string) => void}} given */
export function ResponseCurveSection({ windows, measures, path, choose }) {
  const measure = windows.measure.key;
  const { found, failure, again } = useAsked(async () => (await api.send("GET", `${path}/response-curve?measure=${measure}`)).body, [path, measure, windows.input_hash]);
  /** @type {ResponseCurve | undefined} */
  const told = found?.measure.key === measure ? found : undefined;
  return html`<section class="card" id="response-curve">
    <div class="head"><h2>Response curve</h2><${MeasureChoice} ...${{ measure: windows.measure, measures, choose }} /></div>
    ${failure ? html`<${Failure} ...${{ failure, again }} />` : told === undefined ? html`<${Waiting} />` : told.windows.length === 0 ? html`<p class="quiet">It begins with the first session.</p>` : html`
    <div class="beside">
      <${Curve} told=${told} src=${`${path}/response-curve.svg?measure=${measure}`} />
      <${CurveTable} told=${told} />
    </div>
    <${CurveWords} told=${told} />`}
  </section>`;
}

/** @param {{measure: {key: string, prompt: string}, measures: Trend[], choose: (measure: string) => void}} given */
function MeasureChoice({ measure, measures, choose }) {
  const directed = measures.filter(({ direction }) => direction !== "neither");
  const all = [COMPOSITE, ...directed];
  const offered = all.some(({ key }) => key === measure.key) ? all : [...all, measure];
  return html`<label class="choice no-print">Measure <select value=${measure.key} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
    ${offered.map(({ key, prompt }) => html`<option key=${key} value=${key} selected=${key === measure.key}>${prompt}</option>`)}
  </select></label>`;
}
