// The words by which a report is read, made ready: the mirror of server/insight/score/rules/lexicon.py. The words themselves come with the release.

/**
 * The lists of `insight.lexicon` in the catalogue, by name.
 * @typedef {Record<"done" | "did" | "finished" | "next" | "obstacle" | "vague" | "counted" | "joining" | "papers" | "numbered" | "days" | "quarters"
 *   | "weeks" | "weekdays" | "now" | "calendar", string[]>} Lexicon
 */
/** @typedef {{lists: Lexicon, document: RegExp, date: RegExp}} Words */

/** Short words of the calendar and of documents mean what they mean without marks too: a number stands beside them. */
const CALENDAR = ["did", "papers", "numbered", "days", "quarters", "weeks", "weekdays", "now", "calendar"];
/** Python's `\w`, for the places where a word must begin or end. */
const W = "\\p{L}\\p{N}_";

/** Without marks, for reports typed without them. @param {string} text @returns {string} */
export const bare = (text) => text.replaceAll("đ", "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");

/** @type {WeakMap<Lexicon, Map<boolean, Words>>} */
const made = new WeakMap();

/**
 * The lexicon for a report with marks, or for one that was typed without.
 * @param {Lexicon} lexicon
 * @param {boolean} plain
 * @returns {Words}
 */
export function wordsOf(lexicon, plain) {
  const both = made.get(lexicon) ?? new Map();
  made.set(lexicon, both);
  const found = both.get(plain) ?? make(plain ? bared(lexicon) : lexicon);
  both.set(plain, found);
  return found;
}

/** @param {Lexicon} lexicon @returns {Lexicon} */
function bared(lexicon) {
  const kept = (/** @type {string} */ name, /** @type {string} */ one) => [...one].length > 2 || CALENDAR.includes(name) || !/^\p{L}+$/u.test(one);
  return /** @type {Lexicon} */ (Object.fromEntries(Object.entries(lexicon).map(([name, some]) => [name, some.filter((one) => kept(name, one)).map(bare)])));
}

/** @param {Lexicon} lists @returns {Words} */
function make(lists) {
  const [day, month] = ["(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"];
  const document =
    `(?<![${W}])[0-9]{1,6} ?/ ?(?:[0-9]{4}/)?[a-z\\u0111]{2,}[a-z\\u01110-9]*(?:-[a-z\\u01110-9]+)*` +
    `|(?<![${W}])(?:${any(lists.papers)}) (?:${any(lists.numbered)} ?)?[0-9]+`;
  const date =
    `(?<![${W}/])${day} ?/ ?${month}(?: ?/ ?[0-9]{2,4})?(?![${W}])` +
    `|(?<![${W}])${day} ?[.\\-] ?${month} ?[.\\-] ?[0-9]{2,4}(?![${W}])` +
    `|(?<![${W}])(?:${any(lists.days)}) [0-9]{1,2}(?![${W}])|(?<![${W}])(?:${any(lists.quarters)}) [1-4ivx]+(?![${W}])` +
    `|(?<![${W}])(?:${any(lists.weeks)}) (?:${any(lists.weekdays)})(?![${W}])|(?<![${W}])(?:${any(lists.now)})(?![${W}])`;
  return { lists, document: new RegExp(document, "gu"), date: new RegExp(date, "gu") };
}

/** @param {string[]} words */
const any = (words) => words.map((one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
