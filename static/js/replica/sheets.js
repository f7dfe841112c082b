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

/** @param {any[]} tasks with their identifiers @returns {string} a sheet's text */
function fold(tasks) {
  const columns = [...new Set(tasks.flatMap(Object.keys))].filter((name) => !HEAVY.includes(name) && name !== "can" && name !== "waits");
  /** @type {Map<string, number>} What may be done is the same for many tasks. */
  const cans = new Map();
  const rows = tasks.map((task) => {
    const can = JSON.stringify(task.can ?? {});
    if (!cans.has(can)) cans.set(can, cans.size);
    return [cans.get(can), ...columns.map((name) => task[name] ?? null)];
  });
  return JSON.stringify({ columns, cans: [...cans.keys()].map((can) => JSON.parse(can)), rows });
}

/** @param {string} text @returns {any[]} light tasks */
function unfold(text) {
  const { columns, cans, rows } = JSON.parse(text);
  return rows.map((/** @type {any[]} */ row) => {
    const task = Object.create(LIGHT);
    for (let place = 0; place < columns.length; place++) task[columns[place]] = row[place + 1];
    task.can = cans[row[0]];
    task.waits = 0;
    return task;
  });
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
