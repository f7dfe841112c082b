// A report as it is compared: the mirror of the same names in server/insight/score/rules/quality.py.

const GRAM = 4;
const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff]/gu;
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;

/** The nearest whole number. @param {number} number */
export const halfUp = (number) => Math.floor(number + 0.5);

/** NFC, lower case, one blank between words, nothing unseen. @param {string} text @returns {string} */
export const normal = (text) => text.replace(UNSEEN, "").normalize("NFC").toLowerCase().replace(BLANKS, " ").replace(/^ +| +$/g, "");

/** Every run of digits as one sign: the same report with new dates and numbers is the same report. @param {string} text @returns {string} */
export const masked = (text) => normal(text).replace(/\p{Nd}+/gu, "#").replace(/#(?:[ /.,:-]*#)+/g, "#");

/** The 4-grams of letters of a masked text. @param {string} text @returns {Map<string, number>} */
export function grams(text) {
  const said = [...masked(text)];
  /** @type {Map<string, number>} */
  const found = new Map();
  for (let at = 0; at + GRAM <= said.length; at += 1) {
    const gram = said.slice(at, at + GRAM).join("");
    found.set(gram, (found.get(gram) ?? 0) + 1);
  }
  return found;
}

/** The cosine of two bags, 0 to 1. @param {Map<string, number>} a @param {Map<string, number>} b @returns {number} */
export function likeness(a, b) {
  if (!a.size || !b.size) return 0;
  let dot = 0;
  for (const [gram, count] of a) dot += count * (b.get(gram) ?? 0);
  return Math.min(1, dot / Math.sqrt(squares(a) * squares(b)));
}

/** @param {Map<string, number>} bag */
const squares = (bag) => [...bag.values()].reduce((sum, count) => sum + count * count, 0);
