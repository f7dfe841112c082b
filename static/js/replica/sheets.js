// What lists need of every task, on a few sheets: a worker that has just been started reads these instead of thousands of rows.
// Sheets are made of rows, lag behind them, and are brought up to date by what was touched since.
import { NotLoaded } from "./errors.js";
import { isOpen } from "./held.js";
import { foldedOf } from "./words.js";

/** @typedef {import("./db.js").Database} Database */
/** @typedef {import("./db.js").Sheet} Sheet */
/** @typedef {import("./load.js").Touched} Touched */

/** What no list shows: of a light task these are an error to read, not nothing. */
const HEAVY = ["description", "checklist", "outside_leads", "outside_partners", "files", "attachments", "source", "product_text"];
/** So many changed rows may be read beside a sheet before it is made anew. */
const LAG = 100;
const SHELVES = /** @type {const} */ (["open", "closed"]);

const LIGHT = Object.create(
  null,
  Object.fromEntries(
    HEAVY.map((name) => [
      name,
      {
        get() {
          throw new NotLoaded(`${name} of a task without need({task})`);
        },
      },
    ]),
  ),
);

/** Whether the task was read from a sheet: without what no list shows. @param {any} task @returns {boolean} */
export const isLight = (task) => Object.getPrototypeOf(task) === LIGHT;

/** A copy that can be changed, as light as the task is. @param {any} task @returns {any} */
export function copied(task) {
  const made = structuredClone({ ...task });
  return isLight(task) ? Object.setPrototypeOf(made, LIGHT) : made;
}

/** One field of all tasks; with `known`, `cells` are places in it: most fields have few values. @typedef {{name: string, known: any[] | null, cells: any[]}} Column */

/** @param {string} name @param {any[]} values @returns {Column} */
function columnOf(name, values) {
  const texts = values.map((value) => JSON.stringify(value ?? null));
  const places = new Map([...new Set(texts)].map((text, place) => [text, place]));
  if (places.size > values.length / 4) return { name, known: null, cells: values };
  return { name, known: [...places.keys()].map((text) => JSON.parse(text)), cells: texts.map((text) => places.get(text)) };
}

/** @param {any[]} tasks with their identifiers @returns {string} a sheet's text */
function fold(tasks) {
  const names = [...new Set(tasks.flatMap(Object.keys))].filter((name) => !HEAVY.includes(name) && name !== "waits");
  return JSON.stringify({ count: tasks.length, columns: names.map((name) => columnOf(name, tasks.map((task) => task[name]))) });
}

/** @param {string} text @returns {any[]} light tasks */
function unfold(text) {
  /** @type {{count: number, columns: Column[]}} */
  const { count, columns } = JSON.parse(text);
  // Copies of one whole object are made much faster than objects that grow field by field.
  const blank = { ...Object.fromEntries(columns.map(({ name }) => [name, null])), waits: 0 };
  /** @type {any[]} */
  const tasks = Array.from({ length: count }, () => ({ __proto__: LIGHT, ...blank }));
  for (const { name, known, cells } of columns) {
    for (let place = 0; place < count; place++) tasks[place][name] = known ? known[cells[place]] : cells[place];
  }
  return tasks;
}

/**
 * The tasks of a shelf as they were, and which were touched since; null where there is no sheet that leads to this generation.
 * @param {Database} db
 * @param {"open" | "closed"} shelf
 * @param {{copy: number, generation: number, touched: Touched[]}} at
 * @returns {Promise<{tasks: any[], touched: string[]} | null>}
 */
export async function readSheet(db, shelf, at) {
  const sheet = await db.sheets.get(shelf);
  const since = sheet && touchedSince(sheet, at);
  return sheet && since ? { tasks: unfold(sheet.text), touched: since } : null;
}

/** Tasks touched after the sheet was made; null where nobody remembers. @param {Sheet} sheet @param {{copy: number, generation: number, touched: Touched[]}} at @returns {string[] | null} */
function touchedSince(sheet, { copy, generation, touched }) {
  if (sheet.copy !== copy || sheet.generation > generation) return null;
  const missed = touched.filter((one) => one.generation > sheet.generation && one.generation <= generation);
  if (missed.length !== generation - sheet.generation) return null;
  return [...new Set(missed.flatMap((one) => one.rows).flatMap(([kind, id]) => (kind === "task" ? [id] : [])))];
}

/** What finds each task of a shelf, folded, by identifier. @param {Database} db @param {string} shelf @param {"plain" | "marked"} form @returns {Promise<Map<string, string>>} */
export async function readWords(db, shelf, form) {
  const sheet = await db.sheets.get(`${form}-${shelf}`);
  return new Map(sheet ? JSON.parse(sheet.text) : []);
}

/**
 * Makes the sheets anew where they lag too far behind: after a pull, when nobody waits for it.
 * @param {Database} db
 */
export function laySheets(db) {
  return db.transaction("rw", [db.rows, db.state, db.sheets], async () => {
    const [copy, generation, touched] = (await db.state.bulkGet(["copy", "generation", "touched"])).map((row) => row?.value);
    if (copy === undefined) return;
    const at = { copy, generation: generation ?? 0, touched: touched ?? [] };
    const there = await db.sheets.get("open");
    const since = there && touchedSince(there, at);
    if (since && since.length <= LAG) return;
    const rows = (await Promise.all(SHELVES.map((shelf) => db.rows.where("[copy+shelf]").equals([copy, shelf]).toArray()))).flat();
    const tasks = rows.map(({ id, data }) => ({ ...data, id }));
    const lay = (/** @type {string} */ key, /** @type {string} */ text) => ({ key, copy, generation: at.generation, text });
    for (const shelf of SHELVES) {
      const some = tasks.filter((task) => isOpen(task) === (shelf === "open"));
      await db.sheets.put(lay(shelf, fold(some)));
      for (const form of /** @type {const} */ (["plain", "marked"])) await db.sheets.put(lay(`${form}-${shelf}`, JSON.stringify(some.map((task) => [task.id, foldedOf(task, form)]))));
    }
  });
}
