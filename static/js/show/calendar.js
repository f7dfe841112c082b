// Which days the office works: the calendar that the server sent; in years that it did not send, Monday to Friday.
import { dayAt, later, numberOf, weekday } from "../base/time.js";

/**
 * What the replica's row `calendar` says: of the days from `from` to `to`, which weekdays are `off` and which days of a weekend are worked (`on`).
 * @typedef {{from: string, to: string, off: string[], on: string[]}} Calendar
 */

/** The working days of one year in order, and how many there are up to each of its days. @typedef {{first: number, flags: boolean[], counts: number[], working: string[]}} Year */

/** The mirror of server/calendar/rules.py: every question is answered from a table of its year that is made once. */
export class WorkingDays {
  /** @param {Calendar | null} [calendar] without one, every Monday to Friday is worked */
  constructor(calendar = null) {
    this.off = new Set(calendar ? calendar.off : []);
    this.on = new Set(calendar ? calendar.on : []);
    /** @type {Map<number, Year>} */
    this.years = new Map();
  }

  /** @param {number} number @returns {Year} */
  year(number) {
    const known = this.years.get(number);
    if (known) return known;
    const name = String(number).padStart(4, "0");
    const first = numberOf(`${name}-01-01`);
    const length = numberOf(`${name}-12-31`) - first + 1;
    /** @type {Year} */
    const made = { first, flags: [], counts: [], working: [] };
    let count = 0;
    for (let place = 0; place < length; place++) {
      const day = dayAt(first + place);
      const works = this.on.has(day) || (weekday(day) < 5 && !this.off.has(day));
      if (works) {
        count += 1;
        made.working.push(day);
      }
      made.flags.push(works);
      made.counts.push(count);
    }
    this.years.set(number, made);
    return made;
  }

  /** @param {string} day @returns {boolean} whether people work on that day */
  isWorking(day) {
    const year = this.year(yearOf(day));
    return year.flags[numberOf(day) - year.first] ?? false;
  }

  /**
   * The `n`-th working day after `day`; before it when `n` is negative; `day` itself when 0.
   * @param {string} day
   * @param {number} n
   * @returns {string}
   */
  add(day, n) {
    let found = day;
    for (let left = Math.abs(n); left > 0; ) {
      found = later(found, Math.sign(n));
      if (this.isWorking(found)) left -= 1;
    }
    return found;
  }

  /**
   * Working days after `a` up to and with `b`; negative when `b` is earlier.
   * @param {string} a
   * @param {string} b
   * @returns {number}
   */
  between(a, b) {
    if (b < a) return -this.between(b, a);
    let whole = 0;
    for (let number = yearOf(a); number < yearOf(b); number++) whole += this.year(number).counts.at(-1) ?? 0;
    return whole + this.count(b) - this.count(a);
  }

  /** @param {string} day @returns {number} */
  count(day) {
    const year = this.year(yearOf(day));
    return year.counts[numberOf(day) - year.first] ?? 0;
  }
}

/** @param {string} day @returns {number} */
const yearOf = (day) => Number(day.slice(0, 4));

/**
 * The calendar of a replica.
 * @param {import("../replica/view.js").View} view
 * @returns {WorkingDays}
 */
export const workingDays = (view) => new WorkingDays(view.all("calendar")[0] ?? null);
