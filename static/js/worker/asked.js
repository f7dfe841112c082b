// What an address says, read as server/tasks/pages/lists.py reads it.
import { isDay } from "../base/time.js";
import { strip } from "../replica/numbers.js";
import { DEFAULTS } from "../show/lists.js";

/** @typedef {import("../show/lists.js").Filters} Filters */

/** Values of a query that mean something; the server's reader drops empty ones. @param {URL} url @returns {[string, string][]} */
export const pairsOf = (url) => [...url.searchParams].filter(([, value]) => value);

/** @param {URL} url @param {string} name @returns {string} the first value of a name, or nothing */
export const param = (url, name) => pairsOf(url).find(([key]) => key === name)?.[1] ?? "";

/** The first letters of a text, however many units JavaScript has for them. @param {string} text @param {number} count @returns {string} */
export const firstOf = (text, count) => (text.length <= count ? text : [...text].slice(0, count).join(""));

/** @type {{[name: string]: readonly string[]}} */
const WORDS = {
  status: ["open", "overdue", "soon", "proposed", "not_started", "in_progress", "submitted", "paused", "completed", "cancelled", "declined", "all"],
  whose: ["all", "mine", "lead", "given", "room", "followed"],
  sort: ["due", "new", "changed", "priority"],
};

/**
 * The filters that an address names; what can't be read is left at its default, so that an old link still opens.
 * @param {URL} url
 * @returns {Filters}
 */
export function filtersOf(url) {
  /** @type {Record<string, string>} */
  const given = {};
  for (const [name, value] of pairsOf(url)) if (Object.hasOwn(DEFAULTS, name) && !value.includes("\0")) given[name] = value;
  /** @type {Filters & Record<string, any>} */
  const found = { ...DEFAULTS };
  for (const [name, value] of Object.entries(given)) {
    if (name === "start") found.start = wholeOf(value) ?? found.start;
    else if (name === "due_from" || name === "due_to") found[name] = isDay(value) && value >= "0001" ? value : null;
    else if (!Object.hasOwn(WORDS, name) || WORDS[name]?.includes(value)) found[name] = value;
  }
  found.q = strip(firstOf(found.q, 200));
  found.start = Math.max(0, Math.min(found.start, 100_000));
  return found;
}

/** A whole number as JSON writes numbers, `3e1` and `30.0` among them. @param {string} text @returns {number | null} */
function wholeOf(text) {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return null;
  const number = Number(text);
  return Number.isInteger(number) ? number : null;
}

/**
 * A path of this site, or `otherwise`: never another host, however it is spelt.
 * @param {string} text
 * @param {string} otherwise
 * @returns {string}
 */
export const localPath = (text, otherwise = "/") => (/^\/(?![/\\])[^\x00-\x1f\\]*$/.test(text) ? text : otherwise);
