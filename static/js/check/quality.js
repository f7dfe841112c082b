// How much a report tells, on the device and without a network: the mirror of server/insight/score/rules/quality.py, which says why each step is as it is.
import { grams, halfUp, likeness, masked, normal } from "./text.js";
import { bare, wordsOf } from "./words.js";

/** @typedef {import("./words.js").Lexicon} Lexicon */
/** A report that was sent before. @typedef {{text: string, whose: "own" | "colleague"}} Earlier */
/** A key below `insight.check`, and what goes into its words. @typedef {{key: string, values: Record<string, number>}} Hint */
/**
 * `marks` is what was found, `same` the likeness to the nearest earlier report, 0 to 1, `like` which one, -1 for none.
 * @typedef {{points: number, band: "good" | "fair" | "poor", hints: Hint[], marks: string[], same: number, like: number}} Quality
 */

const BASE = 20;
/** @type {Record<string, number>} */
const WORTH = { result: 28, quantity: 24, document: 16, date: 10, next: 14, obstacle: 14 };
const SHORT = 5;
const ENOUGH = 12;
const SAME = 0.85;
const ECHO = 0.75;
const VARIED = 0.5;
const VARIED_LONG = 0.35;
const LONG = 60;
const STUFFED = 0.72;
const JOINED = 0.1;
const GOOD = 65;
const FAIR = 40;
const COMPARABLE = 24;

const LINES = /[\n\r\u2028\u2029]+/u;
const WORD = /[\p{L}\p{N}_]+/gu;
const SPACED = /[\p{L}\p{N}_%]+/gu;
const ENDS = /[.;:!?-]+/u;
const PIECE = /[\p{L}\p{Nl}\p{No}]+|\p{Nd}+(?:[.,/]\p{Nd}+)*|%/gu;
const NUMBER = /^\p{Nd}/u;
const FRACTION = /^\p{Nd}+\/\p{Nd}+$/u;

/**
 * What a report tells its reader.
 * @param {string} text
 * @param {Lexicon} lexicon
 * @param {string} [title]
 * @param {Earlier[]} [earlier]
 * @param {number} [files] how many are attached: a picture stands for a quantity
 * @returns {Quality}
 */
export function check(text, lexicon, title = "", earlier = [], files = 0) {
  const said = normal(text);
  const words = said.match(WORD) ?? [];
  if (!words.length) {
    const hints = [{ key: files ? "files_only" : "empty", values: {} }];
    return { points: files ? FAIR : 0, band: files ? "fair" : "poor", hints, marks: [], same: 0, like: -1 };
  }
  const known = wordsOf(lexicon, bare(said) === said);
  const marks = marksOf(text, said, known);
  const figures = marks.includes("quantity") || marks.includes("document");
  /** @type {Hint[]} */
  const hints = [];

  let points = marks.reduce((sum, mark) => sum + (WORTH[mark] ?? 0), BASE);
  if (files && !figures) points += WORTH.document ?? 0;
  if (words.length < SHORT) {
    points -= 25;
    hints.push({ key: "short", values: { words: words.length } });
  } else if (words.length < ENOUGH) points -= 6;

  const vague = known.lists.vague.filter((one) => spaced(said).includes(` ${one} `));
  const told = vague.reduce((sum, one) => sum + one.split(" ").length, 0);
  if (vague.length && !figures) {
    points -= 18 + (told * 2 >= words.length ? 12 : 0);
    hints.push({ key: "vague", values: {} });
  }

  const { same, like } = repeats(said, earlier);
  if (same >= SAME) {
    points = Math.min(points, halfUp(100 * (1 - same)) + 10);
    hints.push({ key: earlier[like]?.whose === "own" ? "same_own" : "same_colleague", values: { percent: halfUp(100 * same) } });
  }
  if (echoes(words, title)) {
    points -= 30;
    hints.push({ key: "echo", values: {} });
  }
  if (isStuffed(words, said, known.lists)) {
    points = Math.min(points, FAIR - 10);
    hints.push({ key: "stuffed", values: {} });
  }
  if (hints.every((one) => ["vague", "short", "echo"].includes(one.key))) {
    if (!marks.includes("result")) hints.push({ key: "no_result", values: {} });
    if (!figures && !files) hints.push({ key: "no_figures", values: {} });
  }
  points = Math.max(0, Math.min(100, points));
  const band = points >= GOOD ? "good" : points >= FAIR ? "fair" : "poor";
  return { points, band, hints, marks, same: halfUp(1000 * same) / 1000, like };
}

/** @param {string} text */
const spaced = (text) => ` ${(text.match(SPACED) ?? []).join(" ")} `;

/** @param {string} text @param {string} said @param {import("./words.js").Words} known @returns {string[]} */
function marksOf(text, said, { lists, document, date }) {
  const words = spaced(said);
  const has = (/** @type {string} */ one) => words.includes(` ${one} `);
  const starts = text.split(LINES).flatMap((line) => normal(line).split(ENDS).map(spaced));
  const isDone = (/** @type {string} */ verb) => lists.did.some((did) => has(`${did} ${verb}`)) || starts.some((one) => one.startsWith(` ${verb} `));
  const found = [];
  if (lists.finished.some(has) || lists.done.some(isDone)) found.push("result");
  let without = said.replace(document, " ");
  if (without !== said) found.push("document");
  const part = isPart(without, lists);
  const undated = without.replace(date, " ");
  if (undated !== without) found.push("date");
  without = undated;
  if (part || counts(without, lists)) found.push("quantity");
  if (lists.next.some(has)) found.push("next");
  if (lists.obstacle.some(has)) found.push("obstacle");
  return found;
}

/** @param {string[]} pieces @param {number} at @param {Lexicon} lists */
function isCounted(pieces, at, lists) {
  const after = `${pieces.slice(at + 1, at + 3).join(" ")} `;
  return lists.counted.some((one) => after.startsWith(`${one} `));
}

/** @param {string[]} pieces @param {number} at @param {Lexicon} lists */
const isMoment = (pieces, at, lists) => at > 0 && lists.calendar.includes(pieces[at - 1] ?? "");

/** Whether so many of so many were done ("5/12 xã"), which looks like a day. @param {string} text @param {Lexicon} lists */
function isPart(text, lists) {
  const pieces = text.match(PIECE) ?? [];
  return pieces.some((piece, at) => FRACTION.test(piece) && !isMoment(pieces, at, lists) && isCounted(pieces, at, lists));
}

/** Whether a number stands beside what is counted. @param {string} text @param {Lexicon} lists */
function counts(text, lists) {
  const pieces = text.match(PIECE) ?? [];
  return pieces.some((piece, at) => {
    if (!NUMBER.test(piece) || isMoment(pieces, at, lists)) return false;
    const before = ` ${pieces.slice(Math.max(0, at - 2), at).join(" ")}`;
    if (isCounted(pieces, at, lists) || lists.counted.some((one) => before.endsWith(` ${one}`))) return true;
    const next = pieces[at + 1];
    return next !== undefined && next !== "%" && !NUMBER.test(next) && pieces.length > SHORT;
  });
}

/** Bags of what was compared before: the same earlier reports at each pause. @type {Map<string, Map<string, number>>} */
const bags = new Map();

/** @param {string} text */
function bagOf(text) {
  const found = bags.get(text) ?? grams(text);
  if (bags.size > 200) bags.clear();
  bags.set(text, found);
  return found;
}

/** How like the nearest earlier report is, and which it is. @param {string} said @param {Earlier[]} earlier */
function repeats(said, earlier) {
  if ([...said].length < COMPARABLE) {
    const exact = earlier.findIndex((one) => masked(one.text) === masked(said));
    return { same: exact >= 0 ? 1 : 0, like: exact };
  }
  const own = grams(said);
  let [same, like] = [0, -1];
  earlier.forEach((one, at) => {
    const found = likeness(own, bagOf(one.text));
    if (found > same) [same, like] = [found, at];
  });
  return { same, like };
}

/** @param {string[]} words @returns {string[]} */
const pairsOf = (words) => words.slice(1).map((word, at) => `${words[at]} ${word}`);

/** Whether the report is little but the title. @param {string[]} words @param {string} title */
function echoes(words, title) {
  const pairs = new Set(pairsOf(normal(title).match(WORD) ?? []));
  const own = pairsOf(words);
  return own.length >= 3 && pairs.size > 0 && own.filter((pair) => pairs.has(pair)).length / own.length >= ECHO;
}

/** Whether words were strung together for the rules. @param {string[]} words @param {string} said @param {Lexicon} lists */
function isStuffed(words, said, lists) {
  if (words.length < ENOUGH) return false;
  if (new Set(words).size / words.length < (words.length < LONG ? VARIED : VARIED_LONG)) return true;
  const tokens = said.match(SPACED) ?? [];
  if (tokens.filter((token) => lists.joining.includes(token)).length / tokens.length >= JOINED) return false;
  /** @type {Set<number>} */
  const listed = new Set();
  for (const one of [lists.done, lists.finished, lists.next, lists.obstacle, lists.vague, lists.counted].flat()) {
    const parts = one.split(" ");
    for (let at = 0; at + parts.length <= tokens.length; at += 1) {
      if (parts.every((part, place) => tokens[at + place] === part)) parts.forEach((_, place) => listed.add(at + place));
    }
  }
  const joins = [...".,;:"].filter((mark) => said.includes(mark)).length;
  return listed.size / tokens.length >= STUFFED && joins <= Math.floor(tokens.length / 8);
}
