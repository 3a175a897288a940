// Emergency numbers by country. None has been checked for this release: `last_verified` says so,
// and the card shows it. docs/sign-off.md lists them for whoever confirms them.

/** @typedef {{number: string, last_verified: string | null}} Line */

/** @type {Record<string, string>} */
const NUMBERS = {
  US: "911", CA: "911", MX: "911", GB: "999", AU: "000", NZ: "111", IN: "112", ZA: "112",
  BR: "192", JP: "119", KR: "119", IL: "101", SG: "995", CH: "112", NO: "112",
  // The European Union's one number, in each of its countries.
  ...Object.fromEntries(
    ("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split(" "))
      .map((country) => [country, "112"]),
  ),
};

/** The emergency number of a country; null when we know none. @param {string} country @returns {Line | null} */
export function emergencyLine(country) {
  const number = NUMBERS[country];
  return number === undefined ? null : { number, last_verified: null };
}
