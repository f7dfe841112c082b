// The rows of the replica that are in memory: never changed once they are shown; a newer state is a new Held that shares what stayed.

/**
 * What a page asks for before it reads: `open` tasks that are not closed, with their risks · `tasks` all of them · `mine` open tasks and the reviews of those that
 * I am on (Hôm nay) · `submitted` open tasks and the reports and suggestions of those that wait for a review (Chờ duyệt) · `notices` · `words` what finds each task that
 * was asked for by words, `marks` by words with marks · `{task}` that task, its parent, its children and everything that hangs on it, by identifier or
 * number. Only `{task}` brings what no list shows: description, checklist, files, source, product_text, outside_leads, outside_partners.
 * @typedef {"open" | "tasks" | "mine" | "submitted" | "notices" | "words" | "marks" | {task: string}} Need
 */

/** Kinds that hang on a task and are read by task only. */
export const HANGING = ["report", "review", "comment", "event", "suggestion"];
/** Kinds with a shelf of their own, which is read as a whole when a page first asks for it: a list needs every risk, a page of the office none. */
export const SHELVED = ["notice", "risk"];
const CLOSED = ["completed", "cancelled", "declined"];

/** @param {any} task @returns {boolean} */
export const isOpen = (task) => !CLOSED.includes(task.status);

/** The moment of a row that hangs on a task: the server's where there is one. @param {any} row @returns {string} */
const moment = (row) => row.received ?? row.at ?? "";

/** Oldest first; what waits is the newest. @param {any} one @param {any} other @returns {number} */
export function byMoment(one, other) {
  if (!one.pending !== !other.pending) return one.pending ? 1 : -1;
  const [first, second] = [moment(one), moment(other)];
  if (first !== second) return first < second ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

export class Held {
  /** The state of the database that this is: grows with every write of rows. */
  generation = -1;
  /** Whether a first copy was finished: before that, the server answers. */
  complete = false;
  /** The copy of the rows that is shown. @type {number | null} */
  copy = null;
  /** What the last writes changed. @type {import("./load.js").Touched[]} */
  touched = [];
  /** The server's clock minus the device's, ms. */
  skew = 0;
  /** Every row of the kinds that are always here. @type {Map<string, Map<string, any>>} */
  office = new Map();
  /** Tasks that were read. @type {Map<string, any>} */
  tasks = new Map();
  /** Which shelves were read as a whole: open, closed, notice. @type {Set<string>} */
  shelves = new Set();
  /** Tasks that were asked for one by one, there or not. @type {Set<string>} */
  looked = new Set();
  /** Tasks whose children were read. @type {Set<string>} */
  parents = new Set();
  /** task → kind → rows, oldest first; a kind that is there was read as a whole. @type {Map<string, Map<string, any[]>>} */
  hanging = new Map();

  /** A copy that can be changed until it is shown. @returns {Held} */
  next() {
    const made = Object.assign(new Held(), this);
    made.office = new Map([...this.office].map(([kind, rows]) => [kind, new Map(rows)]));
    made.tasks = new Map(this.tasks);
    made.shelves = new Set(this.shelves);
    made.looked = new Set(this.looked);
    made.parents = new Set(this.parents);
    made.hanging = new Map(this.hanging);
    return made;
  }

  /** Everything is here: for tests and for whoever has the rows at hand. @param {import("../base/types.js").Row[]} rows @returns {Held} */
  static whole(rows) {
    const made = new Held();
    made.complete = true;
    for (const shelf of ["open", "closed", ...SHELVED]) made.shelves.add(shelf);
    const hanging = [];
    for (const row of rows) {
      if (row.kind === "task") made.tasks.set(row.id, shown(row));
      else if (HANGING.includes(row.kind)) hanging.push(row);
      else made.put(row);
    }
    for (const task of made.tasks.keys()) made.hang(task, HANGING, []);
    for (const row of hanging) {
      const kinds = made.hanging.get(String(row.task)) ?? made.hang(String(row.task), HANGING, []);
      const some = kinds.get(row.kind) ?? [];
      some.push(shown(row));
      some.sort(byMoment);
    }
    return made;
  }

  /** A row of a kind that is always here. @param {import("../base/types.js").Row} row */
  put(row) {
    const kind = this.office.get(row.kind) ?? new Map();
    kind.set(row.id, shown(row));
    this.office.set(row.kind, kind);
  }

  /**
   * These kinds of what hangs on the task were read.
   * @param {string} task
   * @param {string[]} kinds
   * @param {import("../base/types.js").Row[]} rows
   * @returns {Map<string, any[]>}
   */
  hang(task, kinds, rows) {
    const found = new Map(this.hanging.get(task));
    for (const kind of kinds) found.set(kind, rows.filter((row) => row.kind === kind).map(shown).sort(byMoment));
    this.hanging.set(task, found);
    return found;
  }
}

/** The data as pages get it: with its identifier, and of a task how many of its entries wait. @param {{kind: string, id: string, data: any}} row @returns {any} */
export function shown(row) {
  row.data.id = row.id;
  if (row.kind === "task") row.data.waits = 0;
  return row.data;
}
