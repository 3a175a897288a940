// After a login one lands on a page of ours and of one's role, never anywhere else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { measureAsked, pageAfterLogin, periodAsked, queryWith } from "../lib/ways.js";
import { emergencyLine } from "../phone/help_lines.js";

const PATIENT = "/patients/0b6f3c1e-52d7-4a8e-9c4f-1d2e3f4a5b6c?from=2026-10-27&to=2026-11-23";

test("one goes back to the page one came from", () => {
  assert.equal(pageAfterLogin("clinician", `?next=${encodeURIComponent(PATIENT)}`), PATIENT);
  assert.equal(pageAfterLogin("patient", ""), "/checkin");
  assert.equal(pageAfterLogin("admin", "?next=/patients"), "/alerts");
  assert.equal(pageAfterLogin("clinician", "?next=/alerts"), "/alerts");
  assert.equal(pageAfterLogin("front_desk", "?next=/alerts"), null);
});

for (const away of ["https://evil.example", "//evil.example", "/\\evil.example", "/checkin/../docs", "javascript:alert(1)", PATIENT]) {
  test(`a patient is not sent to ${away}`, () => {
    assert.equal(pageAfterLogin("patient", `?next=${encodeURIComponent(away)}`), "/checkin");
  });
}

test("of an address only days are taken into a query", () => {
  assert.equal(periodAsked("?from=2026-10-27&to=2026-11-23"), "?from=2026-10-27&to=2026-11-23");
  assert.equal(periodAsked("?from=%22%3E&to=&x=1"), "");
});

test("an emergency number says that nobody has confirmed it", () => {
  assert.deepEqual(emergencyLine("DE"), { number: "112", last_verified: null });
  assert.equal(emergencyLine("XX"), null);
});

test("a query keeps what is not changed, and nothing that is not ours", () => {
  assert.equal(measureAsked("?measure=mood&from=x"), "mood");
  assert.equal(measureAsked("?measure=Mood"), null);
  assert.equal(measureAsked(""), null);
  assert.equal(queryWith("?from=2026-01-01&to=2026-02-01&colour=red", { measure: "mood" }), "?from=2026-01-01&to=2026-02-01&measure=mood");
  assert.equal(queryWith("?measure=mood", { from: "2026-01-01", to: "2026-02-01" }), "?measure=mood&from=2026-01-01&to=2026-02-01");
});
