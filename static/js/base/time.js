// Days and moments of the office: Asia/Ho_Chi_Minh, seven hours ahead of UTC in every season.

export const OFFSET_MS = 7 * 3600_000;
const DAY_MS = 86_400_000;

/** @param {number} number @param {number} [width] @returns {string} */
const padded = (number, width = 2) => String(number).padStart(width, "0");

/** @param {Date} moment @returns {string} the office's day, `2026-11-23` */
export const dayOf = (moment) => new Date(moment.getTime() + OFFSET_MS).toISOString().slice(0, 10);

/** @param {Date} moment @returns {string} the office's hour and minute, `08:15` */
export const clockOf = (moment) => new Date(moment.getTime() + OFFSET_MS).toISOString().slice(11, 16);

/** @param {Date} moment @returns {string} `2026-11-23T08:15:00.000+07:00` */
export const stampOf = (moment) => `${new Date(moment.getTime() + OFFSET_MS).toISOString().slice(0, 23)}+07:00`;

/**
 * A moment with the offset of the device's own clock and zone, as the protocol's `at`.
 * @param {Date} moment
 * @returns {string}
 */
export function deviceStamp(moment) {
  const minutes = -moment.getTimezoneOffset();
  const local = new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, 23);
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? "-" : "+"}${padded(Math.floor(size / 60))}:${padded(size % 60)}`;
}

/** @param {string} day @returns {number} days since 1970 */
export const numberOf = (day) => Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

/** @param {number} number @returns {string} the day of that number */
export const dayAt = (number) => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** @param {string} day @param {number} days @returns {string} so many days later */
export const later = (day, days) => dayAt(numberOf(day) + days);

/** @param {string} from @param {string} to @returns {number} days from one to the other */
export const daysBetween = (from, to) => numberOf(to) - numberOf(from);

/** @param {string} day @returns {number} 0 is Monday */
export const weekday = (day) => (numberOf(day) + 3) % 7;

/** @param {unknown} text @returns {boolean} whether it is a day that exists */
export const isDay = (text) => typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && dayAt(numberOf(text)) === text;
