// The fields of a form as plain values: reads them exactly as server/web/forms.py does.
import { isId } from "../../base/ids.js";
import { isDay, later } from "../../base/time.js";
import { invalid } from "./refusal.js";

/** What Python's str.strip() and str.split() take for space; JavaScript's own idea of it differs by a few letters. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const ANY_SPACE = new RegExp(`[${SPACE}]+`);
const WHOLE = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u;
const NUMBER = /^[+-]?(?:\p{Nd}+(?:_\p{Nd}+)*\.?(?:\p{Nd}+(?:_\p{Nd}+)*)?|\.\p{Nd}+(?:_\p{Nd}+)*)(?:[eE][+-]?\p{Nd}+(?:_\p{Nd}+)*)?$/u;
/** Dots between groups of three: thousands, as amounts are shown. */
/** No amount of an office is as large: what is, was mistyped. */
const MOST = 1e12;
const THOUSANDS = /^\p{Nd}{1,3}(\.\p{Nd}{3})+$/u;
/** More digits than this Python does not read either. */
const MOST_DIGITS = 4300;

/** @param {string} text @returns {string} without space at its ends */
export const strip = (text) => text.replace(ENDS, "");

/** @param {string} text @returns {string} on one line, words with one space between them */
export const oneLine = (text) => strip(text).split(ANY_SPACE).join(" ");

/** @param {string} text @returns {number} letters as Python counts them */
export const lengthOf = (text) => [...text].length;

/** @param {string} text @returns {string[]} the lines that say something, trimmed */
export const linesOf = (text) => text.split(/[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/).map(strip).filter(Boolean);

/** Digits of any script as 0 to 9: they stand in blocks of ten. @param {string} text @returns {string} */
function plainDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = /** @type {number} */ (digit.codePointAt(0));
    if (code < 128) return digit;
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && (code - zero + 1) % 10 !== 0) zero--;
    return String(code - zero);
  });
}

/** A whole number as Python's int() reads it, or null. @param {string} text @returns {number | null} */
export function wholeOf(text) {
  const given = strip(text);
  if (!WHOLE.test(given) || given.replace(/[^\p{Nd}]/gu, "").length > MOST_DIGITS) return null;
  return Number(plainDigits(given.replaceAll("_", "")));
}

/** A number as Python's float() reads it, or null. @param {string} text @returns {number | null} */
export function floatOf(text) {
  const given = strip(text);
  if (/^[+-]?(?:inf|infinity)$/i.test(given)) return given.startsWith("-") ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(given)) return Number.NaN;
  return NUMBER.test(given) ? Number(plainDigits(given.replaceAll("_", ""))) : null;
}

/**
 * A day as browsers send it (2026-11-23) or people type it (23/11/2026), and as Python's date.fromisoformat() reads it; null for none.
 * @param {string} text
 * @returns {string | null}
 */
export function dayFrom(text) {
  if (text.includes("/")) {
    const parts = text.split("/").map(wholeOf);
    const [day, month, year] = parts;
    if (parts.length !== 3 || day == null || month == null || year == null || year < 1 || year > 9999) return null;
    return existing(`${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`);
  }
  const plain = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text);
  if (plain && (text.length === 10 || text.length === 8)) return existing(`${plain[1]}-${plain[2]}-${plain[3]}`);
  const week = /^(\d{4})(-?)W(\d\d)(?:(-?)(\d))?$/.exec(text);
  return week && (week[5] === undefined || week[2] === week[4]) ? dayOfWeek(Number(week[1]), Number(week[3]), Number(week[5] ?? 1)) : null;
}

/** @param {string} day @returns {string | null} */
const existing = (day) => (isDay(day) && day >= "0001" ? day : null);

/** The day of an ISO week, 1 is Monday. @param {number} year @param {number} week @param {number} weekday @returns {string | null} */
function dayOfWeek(year, week, weekday) {
  const fourth = `${String(year).padStart(4, "0")}-01-04`;
  if (year < 1 || week < 1 || week > 53 || weekday < 1 || weekday > 7) return null;
  const monday = later(fourth, -((new Date(`${fourth}T00:00:00Z`).getUTCDay() + 6) % 7));
  const thursday = later(monday, (week - 1) * 7 + 3);
  if (week === 53 && Number(thursday.slice(0, 4)) !== year) return null;
  return existing(later(thursday, weekday - 4));
}

/** The fields of a form: texts, trimmed, and files. */
export class Form {
  /** @type {Map<string, string[]>} */
  #texts = new Map();
  /** @type {Map<string, File[]>} */
  #files = new Map();

  /** @param {Iterable<[string, FormDataEntryValue]>} pairs */
  constructor(pairs) {
    for (const [name, value] of pairs) {
      if (typeof value !== "string") {
        if (value.name) this.#files.set(name, [...(this.#files.get(name) ?? []), value]);
      } else this.#texts.set(name, [...(this.#texts.get(name) ?? []), strip(value.replaceAll("\r\n", "\n"))]);
    }
  }

  /** @param {string} name @returns {boolean} whether the form has such a field */
  has(name) {
    return this.#texts.has(name);
  }

  /** The last value of a field. @param {string} name @returns {string} */
  text(name) {
    return this.#texts.get(name)?.at(-1) ?? "";
  }

  /** A field's value, or null where it is missing or empty. @param {string} name @returns {string | null} */
  raw(name) {
    return this.text(name) || null;
  }

  /** Every value of a field that may come more than once. @param {string} name @returns {string[]} */
  many(name) {
    return (this.#texts.get(name) ?? []).filter(Boolean);
  }

  /** @param {string} name @returns {boolean} whether a box is ticked */
  checked(name) {
    return !["", "0", "false"].includes(this.text(name));
  }

  /** A day, `2026-11-23`, or null. Throws a Refusal at this field. @param {string} name @returns {string | null} */
  day(name) {
    const text = this.text(name);
    const found = text ? dayFrom(text) : null;
    if (text && !found) throw invalid("web.bad_day", name, { value: text });
    return found;
  }

  /** A whole number or null. Throws a Refusal at this field. @param {string} name @returns {number | null} */
  whole(name) {
    const text = this.text(name);
    const found = text ? wholeOf(text) : null;
    if (text && found === null) throw invalid("web.bad_number", name, { value: text });
    return found;
  }

  /**
   * A number as people write it: `1.234,5`, `1.234` (a thousand and more) or `1234.5`; null for nothing. Throws a Refusal at this field.
   * @param {string} name
   * @returns {number | null}
   */
  number(name) {
    let text = this.text(name).replaceAll(" ", "");
    if (!text) return null;
    if (text.includes(",") || THOUSANDS.test(text)) text = text.replaceAll(".", "").replaceAll(",", ".");
    const found = floatOf(text) ?? Number.NaN;
    if (!(Math.abs(found) < MOST)) throw invalid("tasks.number_bad", name, { value: [...this.text(name)].slice(0, 40).join("") });
    return found;
  }

  /** @param {string} name @returns {File[]} */
  files(name) {
    return this.#files.get(name) ?? [];
  }

  /** The identifier that the page gave this form: sending it twice does it once. @returns {string | null} */
  get mutation() {
    const given = this.text("mutation");
    return isId(given) ? given : null;
  }

  /** Every field's last text, to show again. @returns {Record<string, string>} */
  get values() {
    return Object.fromEntries([...this.#texts].map(([name, texts]) => [name, /** @type {string} */ (texts.at(-1))]));
  }

  /** Every field with all it holds, as an entry of the outbox keeps it. @returns {Record<string, string | string[]>} */
  get kept() {
    return Object.fromEntries([...this.#texts].filter(([name]) => name !== "csrf_token").map(([name, texts]) => [name, texts.length > 1 ? texts : texts[0] ?? ""]));
  }
}

/**
 * The form of a request, which stays readable for the server.
 * @param {Request} request
 * @returns {Promise<Form>}
 */
export const readForm = async (request) => new Form((await request.clone().formData()).entries());
