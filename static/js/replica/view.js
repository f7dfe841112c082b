// The replica as its person sees it at one moment: the server's rows with what waits in the outbox applied on top.
import { dayOf } from "../base/time.js";
import { apply } from "./apply/index.js";
import { isQuiet } from "./apply/notices.js";
import { NotLoaded } from "./errors.js";
import { byMoment, HANGING, Held, isOpen, SHELVED } from "./held.js";
import { orderOf, ordinalOf } from "./numbers.js";
import { copied } from "./sheets.js";

/** @typedef {import("../base/types.js").Entry} Entry */
/** @typedef {import("../base/types.js").Row} Row */
/** @typedef {import("./held.js").Need} Need */
/** @typedef {{held: Held, entries: Entry[]}} Read */

/** Older notices are no longer shown; the server does not send them either. */
const NOTICE_MS = 60 * 86_400_000;

/** Everything that it gives back belongs to all: whoever wants to change a row makes a copy (`apply` by `draft`). */
export class View {
  /** @type {Map<string, Map<string, any>> | null} kind → identifier → data over the server's, null for what went */
  #over = null;
  /** @type {Entry | null} the entry that is being applied */
  #entry = null;
  #held;
  #entries;
  #load;
  /** @type {Need[]} */
  #needs = [];

  /**
   * @param {string} person
   * @param {Date} now already corrected by the skew
   * @param {Read} read
   * @param {((...needs: Need[]) => Promise<Read>) | null} load how more rows come; null where everything is here
   * @param {Need[]} [needs] what was asked for so far
   */
  constructor(person, now, { held, entries }, load = null, needs = []) {
    this.person = person;
    this.now = now;
    this.today = dayOf(now);
    this.#held = held;
    this.#entries = entries;
    this.#load = load;
    this.#needs = [...needs];
  }

  /**
   * A view of rows that are at hand: for tests, with everything loaded.
   * @param {{person: string, now: Date, rows: Row[], entries?: Entry[]}} given
   * @returns {View}
   */
  static from({ person, now, rows, entries = [] }) {
    return new View(person, now, { held: Held.whole(structuredClone(rows)), entries });
  }

  /** Reads what the page is going to ask for. Before this, `get`, `all`, `of` … raise NotLoaded for it. @param {...Need} needs */
  async need(...needs) {
    if (!this.#load) return;
    // What was asked for before is asked for again: another tab may have written meanwhile.
    this.#needs.push(...needs);
    const { held, entries } = await this.#load(...this.#needs);
    this.#held = held;
    this.#entries = entries;
    this.#over = null;
  }

  /** Whether a first copy was ever finished: before, only the server can answer. @returns {boolean} */
  get complete() {
    return this.#held.complete;
  }

  /** The own person row: may_assign, nav, judges, enters_plans, demo. @returns {any} */
  get me() {
    return this.get("person", this.person);
  }

  /**
   * One row, with `id`; of a task with what waits applied, and `waits`, the number of its entries that the server has not answered.
   * Of what hangs on a task, only where that task was asked for.
   * @param {string} kind
   * @param {string | null | undefined} id
   * @returns {any | undefined}
   */
  get(kind, id) {
    if (!id) return undefined;
    const over = this.#overlay().get(kind)?.get(id);
    if (over !== undefined) return over ?? undefined;
    return this.#base(kind, id);
  }

  /** The server's row as it last came, without what waits. @param {string} kind @param {string} id @returns {any | undefined} */
  stored(kind, id) {
    return this.#base(kind, id);
  }

  /**
   * Every row of a kind. Tasks: only after `need("tasks")`; `open()` for those that are not closed.
   * @param {string} kind
   * @returns {any[]}
   */
  all(kind) {
    if (kind === "task") {
      if (!this.#held.shelves.has("closed")) throw new NotLoaded('all("task") without need("tasks")');
      return this.#tasks();
    }
    if (SHELVED.includes(kind) && !this.#held.shelves.has(kind)) throw new NotLoaded(`all("${kind}") without its need`);
    if (HANGING.includes(kind)) {
      if (this.#load) throw new NotLoaded(`all("${kind}"): ask of(…) for each task`);
      const found = [...this.#held.hanging.values()].flatMap((kinds) => kinds.get(kind) ?? []);
      return this.#with(kind, found).sort(byMoment);
    }
    const rows = this.#with(kind, [...(this.#held.office.get(kind)?.values() ?? [])]);
    return kind === "notice" ? rows.filter((one) => Date.parse(one.at) >= this.now.getTime() - NOTICE_MS) : rows;
  }

  /** Tasks that are not closed. @returns {any[]} */
  open() {
    if (!this.#held.shelves.has("open")) throw new NotLoaded('open() without need("open")');
    return this.#tasks().filter(isOpen);
  }

  /**
   * What hangs on a task (report, review, comment, event, notice), oldest first.
   * @param {string} kind
   * @param {string} task
   * @returns {any[]}
   */
  of(kind, task) {
    if (kind === "notice") return this.all(kind).filter((one) => one.task === task).sort(byMoment);
    const base = this.#held.hanging.get(task)?.get(kind);
    if (!base && this.#base("task", task, true)) throw new NotLoaded(`of("${kind}") without need({task})`);
    const over = [...(this.#overlay().get(kind)?.values() ?? [])].filter((one) => one && one.task === task);
    if (!over.length) return base ?? [];
    const ids = new Set(over.map((one) => one.id));
    return [...(base ?? []).filter((one) => !ids.has(one.id)), ...over].sort(byMoment);
  }

  /** What waits or was rejected, oldest first: of one task, or all of it, without what nobody looks after. @param {string} [task] @returns {Entry[]} */
  entries(task) {
    return this.#entries.filter((entry) => entry.state !== "applied" && !isQuiet(entry) && (task === undefined || entry.task === task));
  }

  /** Everybody, in order of rank. @returns {any[]} */
  people() {
    return this.all("person").sort((one, other) => one.rank - other.rank || compared(one.name, other.name) || compared(one.id, other.id));
  }

  /** @returns {any[]} units in their order */
  units() {
    return this.all("unit").sort(bySort);
  }

  /** @returns {any[]} fields of work in their order */
  fields() {
    return this.all("field").sort(bySort);
  }

  /** The unit and those above it, the highest first. @param {string | null} unit @returns {string[]} */
  pathOf(unit) {
    /** @type {string[]} */
    const found = [];
    for (let one = this.get("unit", unit); one && !found.includes(one.id); one = this.get("unit", one.parent)) found.unshift(one.id);
    return found;
  }

  /** @param {string} task @returns {any[]} oldest first */
  reviewsOf(task) {
    return this.of("review", task);
  }

  /** The last judgement on somebody's part, or "". @param {string} task @param {string} person @returns {string} */
  lastVerdict(task, person) {
    return this.reviewsOf(task).findLast((one) => one.person === person)?.verdict ?? "";
  }

  /** Tasks below this one, in order of their numbers. @param {string} task @returns {any[]} */
  childrenOf(task) {
    const { shelves, parents } = this.#held;
    if (!shelves.has("closed") && !parents.has(task) && this.#base("task", task, true)) throw new NotLoaded("childrenOf() without need({task})");
    return this.#tasks().filter((one) => one.parent === task).sort((one, other) => orderOf(one) - orderOf(other) || 0);
  }

  /** The task that people call `26-014`. @param {string} text @returns {any | undefined} */
  byNumber(text) {
    const ordinal = ordinalOf(text);
    if (ordinal === null) return undefined;
    const found = this.#tasks().find((one) => orderOf(one) === ordinal);
    if (!found && !this.#held.shelves.has("closed") && !this.#held.looked.has(String(ordinal))) throw new NotLoaded("byNumber() without need({task})");
    return found;
  }

  /** For `apply` alone. A copy of a row that can be changed; undefined where there is no such row. @param {string} kind @param {string | null} id @returns {any | undefined} */
  draft(kind, id) {
    const found = this.get(kind, id);
    if (!found) return undefined;
    const over = this.#layer(kind);
    if (over.get(found.id) !== found) over.set(found.id, copied(found));
    return over.get(found.id);
  }

  /** For `apply` alone. A new row; `pending` until the server has answered the entry. @param {string} kind @param {any} data with `id`, and `task` where it hangs on one @returns {any} */
  put(kind, data) {
    const made = { ...data, pending: this.#entry?.state !== "applied" };
    this.#layer(kind).set(data.id, made);
    return made;
  }

  /** For `apply` alone. The row is not seen any more. @param {string} kind @param {string} id */
  drop(kind, id) {
    this.#layer(kind).set(id, null);
  }

  /** @param {string} kind @returns {Map<string, any>} */
  #layer(kind) {
    const over = this.#overlay();
    const found = over.get(kind) ?? new Map();
    over.set(kind, found);
    return found;
  }

  /** The waiting entries, applied in order at the first read. @returns {Map<string, Map<string, any>>} */
  #overlay() {
    if (this.#over) return this.#over;
    this.#over = new Map();
    /** @type {Map<string, number>} */
    const waits = new Map();
    for (const entry of this.#entries) {
      if (entry.state === "rejected") continue;
      this.#entry = entry;
      apply(this, entry);
      if (entry.task && entry.state !== "applied") waits.set(entry.task, (waits.get(entry.task) ?? 0) + 1);
    }
    this.#entry = null;
    for (const [task, count] of waits) {
      const draft = this.draft("task", task);
      if (draft) draft.waits = count;
    }
    return this.#over;
  }

  /** The server's row. @param {string} kind @param {string} id @param {boolean} [quiet] undefined instead of NotLoaded @returns {any | undefined} */
  #base(kind, id, quiet = false) {
    const { office, tasks, shelves, looked, hanging } = this.#held;
    if (kind === "task") {
      const found = tasks.get(id);
      if (found || quiet || looked.has(id) || shelves.has("closed")) return found;
      throw new NotLoaded(`get("task") of a task that was not asked for`);
    }
    if (HANGING.includes(kind)) {
      for (const kinds of hanging.values()) {
        const found = kinds.get(kind)?.find((one) => one.id === id);
        if (found) return found;
      }
      return undefined;
    }
    if (SHELVED.includes(kind) && !shelves.has(kind)) throw new NotLoaded(`get("${kind}") without its need`);
    return office.get(kind)?.get(id);
  }

  #tasks() {
    return this.#with("task", [...this.#held.tasks.values()]);
  }

  /** @param {string} kind @param {any[]} base @returns {any[]} */
  #with(kind, base) {
    const over = this.#overlay().get(kind);
    if (!over?.size) return base;
    return [...base.filter((one) => !over.has(one.id)), ...[...over.values()].filter((one) => one)];
  }
}

/** @param {string} one @param {string} other @returns {number} */
const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/** @param {any} one @param {any} other @returns {number} */
const bySort = (one, other) => one.sort - other.sort || compared(one.id, other.id);
