// From the database into memory: no more than a page needs, again only what changed since.
import { Dexie } from "../../vendor/dexie-4.4.7.min.mjs";
import { isQuiet } from "./apply/notices.js";
import { HANGING, Held, isOpen, SHELVED, shown } from "./held.js";
import { ordinalOf } from "./numbers.js";
import { isLight, readSheet, readWords } from "./sheets.js";
import { isFolded, keepFolded } from "./words.js";

/** @typedef {import("./db.js").Database} Database */
/** @typedef {import("./db.js").Stored} Stored */
/** @typedef {import("../base/types.js").Entry} Entry */
/** @typedef {import("./held.js").Need} Need */
/** What one write changed: kind, identifier, the task that it hangs on. @typedef {{generation: number, rows: [string, string, string][]}} Touched */

const SHELVES = ["open", "closed", ...SHELVED];

/**
 * What is known, brought to the state of the database, with what these needs ask for; all in one transaction.
 * @param {Database} db
 * @param {string} person
 * @param {Held} held what is in memory; is not changed
 * @param {Need[]} needs
 * @returns {Promise<{held: Held, entries: Entry[]}>}
 */
export function read(db, person, held, needs) {
  return db.transaction("r", [db.rows, db.state, db.outbox, db.sheets], async () => {
    const [state, entries] = await Promise.all([db.state.toArray(), db.outbox.toArray()]);
    const said = new Map(state.map((row) => [row.key, row.value]));
    const loading = new Loading(db, person, await current(db, held, said));
    if (loading.held.complete) {
      for (const one of new Set(entries.flatMap(named))) await loading.task(one);
      if (entries.some(isQuiet)) await loading.whole("notice");
      // What finds the tasks comes after the tasks.
      for (const need of [...needs].sort((one, other) => Number(isWords(one)) - Number(isWords(other)))) await loading.need(need);
    }
    return { held: loading.held, entries };
  });
}

/** @param {Need} need @returns {need is "words" | "marks"} */
const isWords = (need) => need === "words" || need === "marks";

/** The tasks that an entry is about, or that it may change. @param {Entry} entry @returns {string[]} */
function named(entry) {
  const { task, args } = entry;
  const ids = [task, args?.task, args?.parent, args?.fields?.parent, /^task\.(create|propose)$/.test(entry.name) ? args?.id : null];
  return ids.filter((one) => typeof one === "string" && one !== "");
}

/** @param {Database} db @param {Held} held @param {Map<string, any>} said @returns {Promise<Held>} to be changed freely */
async function current(db, held, said) {
  const generation = said.get("generation") ?? 0;
  const copy = said.get("copy") ?? null;
  const made = held.generation === generation && held.copy === copy ? held.next() : await newer(db, held, generation, copy, said.get("touched") ?? []);
  made.skew = said.get("skew") ?? 0;
  made.touched = said.get("touched") ?? [];
  return made;
}

/** @param {Database} db @param {Held} held @param {number} generation @param {number | null} copy @param {Touched[]} touched @returns {Promise<Held>} */
async function newer(db, held, generation, copy, touched) {
  const missed = touched.filter((one) => one.generation > held.generation);
  const made = held.complete && held.copy === copy && missed.length === generation - held.generation ? held.next() : new Held();
  const anew = !made.complete;
  made.generation = generation;
  made.copy = copy;
  made.complete = copy !== null;
  if (copy === null) {
    for (const shelf of SHELVES) made.shelves.add(shelf);
  } else if (anew) {
    for (const row of await db.rows.where("[copy+shelf]").equals([copy, "office"]).toArray()) made.put(whole(row));
  } else {
    await patch(db, made, copy, missed);
  }
  return made;
}

/** @param {Database} db @param {Held} held @param {number} copy @param {Touched[]} missed */
async function patch(db, held, copy, missed) {
  const keys = missed.flatMap((one) => one.rows);
  const rows = await db.rows.bulkGet(keys.map(([kind, id]) => /** @type {[number, string, string]} */ ([copy, kind, id])));
  keys.forEach(([kind, id, task], place) => {
    const row = rows[place];
    if (HANGING.includes(kind)) {
      held.hanging.delete(task);
    } else if (kind === "task") {
      held.tasks.delete(id);
      if (row) held.tasks.set(id, shown(row));
      else held.hanging.delete(id);
    } else if (row && (!SHELVED.includes(kind) || held.shelves.has(kind))) {
      held.put(whole(row));
    } else if (!row) {
      held.office.get(kind)?.delete(id);
    }
  });
}

/** @param {Stored} row @returns {import("../base/types.js").Row} */
const whole = ({ kind, id, task, data }) => ({ kind, id, task: task ?? null, data });

/** Fills a Held that nobody sees yet. */
class Loading {
  /** @param {Database} db @param {string} person @param {Held} held */
  constructor(db, person, held) {
    this.db = db;
    this.person = person;
    this.held = held;
    this.copy = held.copy ?? 0;
  }

  /** @param {Need} need */
  async need(need) {
    if (typeof need === "object") return this.task(need.task);
    if (need === "notices") return this.whole("notice");
    if (isWords(need)) return this.words(need === "marks" ? "marked" : "plain");
    await this.shelf("open");
    await this.whole("risk");
    if (need === "tasks") await this.shelf("closed");
    if (need === "mine") await this.hanging("review", (task) => isOpen(task) && this.isMine(task));
    if (need === "submitted") for (const kind of ["report", "suggestion"]) await this.hanging(kind, (task) => task.status === "submitted");
  }

  /** @param {any} task @returns {boolean} */
  isMine(task) {
    return task.lead === this.person || task.collaborators.some((/** @type {any} */ one) => one.person === this.person);
  }

  /** @param {string} shelf @returns {Promise<Stored[]>} */
  stored(shelf) {
    return this.db.rows.where("[copy+shelf]").equals([this.copy, shelf]).toArray();
  }

  /** A kind that has a shelf of its own. @param {string} kind */
  async whole(kind) {
    if (this.held.shelves.has(kind)) return;
    for (const row of await this.stored(kind)) this.held.put(whole(row));
    this.held.shelves.add(kind);
  }

  /** Tasks of a shelf: from its sheet, with what changed since; without one, every row. @param {"open" | "closed"} shelf */
  async shelf(shelf) {
    const { held, db, copy } = this;
    if (held.shelves.has(shelf)) return;
    held.shelves.add(shelf);
    const sheet = await readSheet(db, shelf, { copy, generation: held.generation, touched: held.touched });
    const since = new Set(sheet?.touched);
    for (const task of sheet?.tasks ?? []) if (!since.has(task.id) && !held.tasks.has(task.id)) held.tasks.set(task.id, task);
    const rows = sheet ? await db.rows.bulkGet([...since].map((id) => /** @type {[number, string, string]} */ ([copy, "task", id]))) : await this.stored(shelf);
    for (const row of rows) if (row?.shelf === shelf && !held.tasks.has(row.id)) held.tasks.set(row.id, shown(row));
  }

  /** What finds the tasks that are here. @param {"plain" | "marked"} form */
  async words(form) {
    const { held, db, copy } = this;
    const light = [...held.tasks.values()].filter((task) => isLight(task) && !isFolded(task, form));
    if (!light.length) return;
    for (const shelf of ["open", "closed"].filter((one) => held.shelves.has(one))) {
      const found = await readWords(db, shelf, form);
      for (const task of light) {
        const text = found.get(task.id);
        if (text !== undefined) keepFolded(task, form, text);
      }
    }
    const missing = light.filter((task) => !isFolded(task, form));
    for (const row of await db.rows.bulkGet(missing.map(({ id }) => /** @type {[number, string, string]} */ ([copy, "task", id])))) if (row) held.tasks.set(row.id, shown(row));
  }

  /** One kind of what hangs on some tasks. @param {string} kind @param {(task: any) => boolean} wanted */
  async hanging(kind, wanted) {
    const asked = [...this.held.tasks.values()].filter((task) => wanted(task) && !this.held.hanging.get(task.id)?.has(kind));
    await Promise.all(
      asked.map(async ({ id }) => this.held.hang(id, [kind], (await this.db.rows.where("[copy+task+kind]").equals([this.copy, id, kind]).toArray()).map(whole))),
    );
  }

  /** A task by its identifier or number, with its parent, its children and what hangs on it. @param {string} asked */
  async task(asked) {
    const { held, db, copy } = this;
    await this.whole("risk");
    const ordinal = ordinalOf(asked);
    let id = asked;
    if (ordinal !== null) {
      const found = await db.rows.where("[copy+number]").equals([copy, ordinal]).first();
      held.looked.add(String(ordinal)).add(asked);
      if (!found) return;
      id = found.id;
    }
    const task = await this.one(id);
    if (task?.parent) await this.one(task.parent);
    if (!held.parents.has(id)) {
      for (const row of await db.rows.where("[copy+parent]").equals([copy, id]).toArray()) if (this.lacks(row.id)) held.tasks.set(row.id, shown(row));
      held.parents.add(id);
    }
    const known = held.hanging.get(id);
    if (HANGING.some((kind) => !known?.has(kind))) {
      const rows = await db.rows.where("[copy+task+kind]").between([copy, id, Dexie.minKey], [copy, id, Dexie.maxKey]).toArray();
      held.hang(id, HANGING, rows.map(whole));
    }
  }

  /** Whether the whole task is not here. @param {string} id @returns {boolean} */
  lacks(id) {
    const task = this.held.tasks.get(id);
    return !task || isLight(task);
  }

  /** @param {string} id @returns {Promise<any | undefined>} */
  async one(id) {
    const { held } = this;
    if (this.lacks(id) && (held.tasks.has(id) || !held.looked.has(id))) {
      const row = await this.db.rows.get([this.copy, "task", id]);
      if (row) held.tasks.set(id, shown(row));
    }
    held.looked.add(id);
    return held.tasks.get(id);
  }
}
