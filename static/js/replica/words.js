// Words of tasks and of questions, with marks or without: the mirror of server/tasks/search.py.

const MOST_WORDS = 12;
/** Letters of a word. */
const LONGEST = 100;
/** What SQLite's full-text table takes for a word: letters and digits, marks that stand alone among them. */
const TOKEN = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\u0300-\u0331]*/gu;

/** NFC, lower case: the form that exact matches compare. @param {string} text @returns {string} */
export const marked = (text) => text.normalize("NFC").toLowerCase();

/** Without marks: `Đường` becomes `duong`. @param {string} text @returns {string} */
export const plain = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{Mn}+/gu, "").normalize("NFC").replaceAll("đ", "d");

/** The words that are asked for, the first twelve. @param {string} text @returns {string[]} */
export const words = (text) => (marked(text).match(/[\p{L}\p{N}_]+/gu) ?? []).slice(0, MOST_WORDS).map((word) => [...word].slice(0, LONGEST).join(""));

/** Whether the question is written with marks, so that exact matches can be told from others. @param {string} text @returns {boolean} */
export const hasMarks = (text) => marked(text) !== plain(text);

/** @param {string} text already folded @returns {string} its words, each after a space */
const spaced = (text) => (text.match(TOKEN) ?? []).map((word) => ` ${word}`).join("");

/** @type {WeakMap<object, {marked?: string, plain?: string}>} */
const folded = new WeakMap();

/** What finds a task, folded; made once for each state of it. @param {any} task @param {"marked" | "plain"} form @returns {string} */
function textOf(task, form) {
  let known = folded.get(task);
  if (!known) folded.set(task, (known = {}));
  return (known[form] ??= spaced((form === "marked" ? marked : plain)([task.number, task.title, task.description, task.source?.number, task.product_text].filter(Boolean).join(" "))));
}

/**
 * Whether each of the words begins a word of the task.
 * @param {string[]} asked as `words` gives them
 * @param {boolean} exact with marks
 * @returns {(task: any) => boolean}
 */
export function matcher(asked, exact) {
  const needles = asked.map((word) => spaced(exact ? word : plain(word)));
  return (task) => {
    const text = textOf(task, exact ? "marked" : "plain");
    return needles.every((needle) => text.includes(needle));
  };
}
