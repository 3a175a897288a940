// Numbers and days as people write them. Formatting only: no number is computed here.

const LOCALE = "en-GB";
const MINUS = "\u2212";

/** @param {string} day a local day, YYYY-MM-DD */
function instant(day) {
  return new Date(`${day}T00:00:00Z`);
}

// Not the browser's own: its "Sept" would stand beside the charts' "Sep".
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** "3 Nov" @param {string} day */
export const shortDay = (day) => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]}`;

/** "3 Nov 2026" @param {string} day */
export const fullDay = (day) => `${shortDay(day)} ${day.slice(0, 4)}`;

/** "Tue 3 Nov" @param {string} day */
export const weekday = (day) => `${WEEKDAYS[instant(day).getUTCDay()]} ${shortDay(day)}`;

/** "27 Oct to 23 Nov 2026" @param {string} from @param {string} to */
export function span(from, to) {
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  return `${sameYear ? shortDay(from) : fullDay(from)} to ${fullDay(to)}`;
}

/** The day so many days later. @param {string} day @param {number} days */
export function addDays(day, days) {
  const moved = instant(day);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** How many days lie between. @param {string} from @param {string} to */
export function daysBetween(from, to) {
  return Math.round((instant(to).getTime() - instant(from).getTime()) / 86_400_000);
}

/** "20:14", by this device's clock. @param {string} at an instant */
export function clockTime(at) {
  return new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** A number as it is. @param {number} value @param {number} digits after the point, at most */
export function number(value, digits = 1) {
  return withMinus(value, { maximumFractionDigits: digits });
}

/** A number in a column of its like. @param {number} value @param {number} digits after the point */
export function fixed(value, digits = 1) {
  return withMinus(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** With its sign, as a difference is written. @param {number} value @param {number} digits */
export function signed(value, digits = 1) {
  const told = fixed(value, digits);
  return value > 0 && /[1-9]/.test(told) ? `+${told}` : told;
}

/** "10:30", by the clocks of a zone. @param {string} at an instant @param {string} timezone */
export function clockTimeIn(at, timezone) {
  const how = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", timeZone: timezone });
  return new Intl.DateTimeFormat(LOCALE, how).format(new Date(at));
}

/** @param {number} value @param {Intl.NumberFormatOptions} how */
function withMinus(value, how) {
  const told = Math.abs(value).toLocaleString(LOCALE, how);
  return value < 0 && /[1-9]/.test(told) ? MINUS + told : told;
}

/** "0.1 to 0.8" @param {[number, number]} ends @param {(value: number, digits?: number) => string} how */
export const between = ([low, high], how, digits = 2) => `${how(low, digits)} to ${how(high, digits)}`;

/** "1 day", "3 days" @param {number} count @param {string} noun */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "too_few_days" as "too few days" @param {string} code */
export const plain = (code) => code.replaceAll("_", " ");

/** 0.64 as "64 %", never broken between the two @param {number} share */
export const percent = (share) => `${number(100 * share, 0)}\u00a0%`;

/** "14, 21 and 28" @param {unknown[]} items */
export const list = (items) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`);
