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

/** @param {string} text already folded @returns {string} its words, each after a space; SQLite takes a sigma that ends a word for any other */
const spaced = (text) => (text.replaceAll("ς", "σ").match(TOKEN) ?? []).map((word) => ` ${word}`).join("");

/** @typedef {"marked" | "plain"} Form */

/** What finds a task, folded: each word after a space. @param {any} task @param {Form} form @returns {string} */
export const foldedOf = (task, form) =>
  spaced((form === "marked" ? marked : plain)([task.number, task.title, task.description, task.source?.number, task.product_text].filter(Boolean).join(" ")));

/** @type {WeakMap<object, {marked?: string, plain?: string}>} */
const folded = new WeakMap();

/** The same, made once for each state of a task. @param {any} task @param {Form} form @returns {string} */
function textOf(task, form) {
  let known = folded.get(task);
  if (!known) folded.set(task, (known = {}));
  return (known[form] ??= foldedOf(task, form));
}

/** @param {any} task @param {Form} form @returns {boolean} */
export const isFolded = (task, form) => folded.get(task)?.[form] !== undefined;

/** What finds this task was folded before. @param {any} task @param {Form} form @param {string} text */
export const keepFolded = (task, form, text) => folded.set(task, { ...folded.get(task), [form]: text });

/**
 * Whether each of the words begins a word of the task.
 * @param {string[]} asked as `words` gives them
 * @param {boolean} exact with marks
 * @returns {(task: any) => boolean}
 */
export function matcher(asked, exact) {
  // A lonely underscore is a word for Python and none for SQLite: it asks for nothing, and alone it finds nothing.
  const needles = asked.map((word) => spaced(exact ? word : plain(word))).filter(Boolean);
  return (task) => {
    if (!needles.length) return false;
    const text = textOf(task, exact ? "marked" : "plain");
    return needles.every((needle) => text.includes(needle));
  };
}
