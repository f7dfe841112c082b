// One person's replica and outbox on this device: what the worker opens, reads through views, and writes in whole transactions.
import { Dexie } from "../../vendor/dexie-4.4.7.min.mjs";
import { onDisk, openDatabase } from "./db.js";
import { Held } from "./held.js";
import { read } from "./load.js";
import { pull } from "./pull.js";
import * as queue from "./queue.js";
import { laySheets } from "./sheets.js";
import { View } from "./view.js";

/** @typedef {import("../base/types.js").Entry} Entry */
/** @typedef {import("../base/types.js").Counts} Counts */
/** @typedef {import("./held.js").Need} Need */
/** @typedef {import("./queue.js").Attached} Attached */
/** @typedef {import("./queue.js").Claim} Claim */
/** @typedef {import("./queue.js").Result} Result */
/** @typedef {import("./db.js").Blobbed} Blobbed */

/** Among so many of the newest reports one's own are looked for. */
const REPORTS = 3000;

/**
 * Opens the person's database, migrates an older one, keeps its outbox.
 * @param {string} person
 * @param {{indexedDB?: IDBFactory, IDBKeyRange?: any}} [given] other factories, in tests
 * @returns {Promise<Store>}
 * @throws {import("./errors.js").NewerShape} written by a newer release
 * @throws {import("./errors.js").Full}
 */
export async function open(person, given = {}) {
  return new Store(person, await openDatabase(person, given));
}

export class Store {
  #held = new Held();

  /** @param {string} person @param {import("./db.js").Database} db */
  constructor(person, db) {
    this.person = person;
    this.db = db;
  }

  /**
   * What the person sees now. Fresh: what another tab or worker wrote is in it. The office (units, fields, people and other small kinds), the
   * outbox and the tasks of its entries are always there; everything else is asked for, here or later by `view.need(…)`.
   * @param {{now?: Date, needs?: Need[]}} [given] `now` is by the device's clock corrected by the skew unless given
   * @returns {Promise<View>}
   */
  async view({ now, needs = [] } = {}) {
    const load = async (/** @type {Need[]} */ ...asked) => {
      const found = await read(this.db, this.person, this.#held, asked);
      this.#held = found.held;
      return found;
    };
    const first = await load(...needs);
    return new View(this.person, now ?? new Date(Date.now() + first.held.skew), first, load, needs);
  }

  /** Whether a first copy was ever finished: before, only the server can answer. @returns {Promise<boolean>} */
  async complete() {
    return (await this.db.state.get("copy"))?.value !== undefined;
  }

  /**
   * Fetches what changed until there is no more. Each page and its cursor are one transaction; after a `reset` the old rows are shown until the
   * new copy is complete.
   * @param {{fetch: typeof globalThis.fetch, limit?: number}} given
   * @returns {Promise<{changed: boolean}>}
   * @throws {import("./errors.js").SignedOut | import("./errors.js").OtherPerson | import("./errors.js").Unreachable | import("./errors.js").Full}
   */
  async pull(given) {
    const done = await pull(this.db, this.person, given);
    if (done.changed) await onDisk(() => laySheets(this.db));
    return done;
  }

  /** sha256 of files that the person may not see any more: whoever keeps copies of files deletes them, then calls `purged`. @returns {Promise<string[]>} `*` for all */
  async toPurge() {
    return (await this.db.purge.toArray()).map((row) => row.sha256);
  }

  /** @param {string[]} files */
  async purged(files) {
    await this.db.purge.bulkDelete(files);
  }

  /**
   * Claims that something was done: the entry and its files are on the disk when this resolves. The same `id` again gives the entry that is there.
   * @param {Claim} claim
   * @returns {Promise<Entry>}
   * @throws {import("./errors.js").Full} nothing was written
   */
  enqueue(claim) {
    return queue.enqueue(this.db, this.person, claim);
  }

  /** All of the outbox, `applied` included, in order. @returns {Promise<Entry[]>} */
  entries() {
    return this.db.outbox.toArray();
  }

  /** @param {number} n @returns {Promise<Entry | undefined>} */
  entry(n) {
    return this.db.outbox.get(n);
  }

  /**
   * Changes an entry that was never sent.
   * @param {number} n
   * @param {any} args
   * @param {{label?: string, files?: Attached[], form?: Entry["form"]}} [more] `files`: all of them, those that are here already without `blob`
   * @returns {Promise<Entry>}
   * @throws {import("./errors.js").TooLate} it is on its way or gone
   */
  change(n, args, more = {}) {
    return queue.change(this.db, n, args, more);
  }

  /** What would go with this entry, itself first: what hangs on a task that is only here. @param {number} n @returns {Promise<Entry[]>} */
  hanging(n) {
    return queue.hanging(this.db, n);
  }

  /** Takes back an entry that was never sent, with what hangs on it. @param {number} n @returns {Promise<Entry[]>} what went @throws {import("./errors.js").TooLate} */
  takeBack(n) {
    return queue.takeBack(this.db, n);
  }

  /** Forgets a rejected entry, with what hangs on it and was never sent. @param {number} n @returns {Promise<Entry[]>} what went @throws {import("./errors.js").TooLate} */
  discard(n) {
    return queue.discard(this.db, n);
  }

  /**
   * A rejected entry as a new mutation, at the end of the queue.
   * @param {number} n
   * @param {{args?: any, label?: string, form?: Entry["form"]}} [changed]
   * @returns {Promise<Entry>}
   * @throws {import("./errors.js").TooLate}
   */
  retry(n, changed = {}) {
    return queue.retry(this.db, n, changed);
  }

  /** The author has seen the refusal. @param {number} n */
  async seen(n) {
    await this.db.outbox.update(n, { shown: true });
  }

  /**
   * This person's newest reports of any task, as the server sent them: for the check of a report, which compares with what was said before.
   * @param {string} person
   * @returns {Promise<any[]>}
   */
  async reportsOf(person) {
    const { rows, state } = this.db;
    return this.db.transaction("r", [rows, state], async () => {
      const copy = (await state.get("copy"))?.value ?? 0;
      // Identifiers are in order of time: the newest stand last.
      const newest = rows.where("[copy+kind+id]").between([copy, "report", Dexie.minKey], [copy, "report", Dexie.maxKey]).reverse();
      return (await newest.limit(REPORTS).toArray()).filter((row) => row.data.person === person).map((row) => ({ ...row.data, id: row.id }));
    });
  }

  /** @returns {Promise<Counts>} */
  counts() {
    return queue.counts(this.db);
  }

  /** A file that waits to be sent. @param {string} sha256 @returns {Promise<Blobbed | undefined>} */
  blob(sha256) {
    return this.db.blobs.get(sha256);
  }

  /** The server has the whole file. @param {string} sha256 */
  async markUploaded(sha256) {
    await this.db.blobs.update(sha256, { uploaded: true });
  }

  /**
   * Numbers for what is about to be sent, in one transaction: entries that wait become `sending` with the next numbers, those that are `sending` keep
   * theirs. What was taken back meanwhile is left out.
   * @param {number[]} ns
   * @returns {Promise<Entry[]>} what may be sent, in the order of its numbers
   */
  markSending(ns) {
    return queue.markSending(this.db, ns);
  }

  /** The server's answer to one entry, found by its `id`, in one transaction with `last_seq`. @param {Result} result @returns {Promise<Entry | undefined>} */
  markAnswered(result) {
    return queue.markAnswered(this.db, result);
  }

  /** The last number that the server answered and the last one that was given here; null before the first (ask the server by an empty push, then `renumber`). @returns {Promise<{answered: number, given: number} | null>} */
  numbers() {
    return queue.numbers(this.db);
  }

  /** Unanswered entries get new numbers after the server's last one, in their order. @param {number} lastSeq @returns {Promise<Entry[]>} those that have numbers */
  renumber(lastSeq) {
    return queue.renumber(this.db, lastSeq);
  }

  /** Deletes what is on the device: everything, or all but the outbox and its files. @param {{keepOutbox: boolean}} given */
  wipe(given) {
    this.#held = new Held();
    return queue.wipe(this.db, given);
  }

  close() {
    this.db.close({ disableAutoOpen: true });
  }
}
