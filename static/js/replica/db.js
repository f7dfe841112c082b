// The database of one person on this device: its shape, and how an older shape becomes this one.
import { Dexie } from "../../vendor/dexie-4.4.7.min.mjs";
import { Full, NewerShape } from "./errors.js";
import { migrateEntry, SCHEMA } from "./migrate.js";

/** @typedef {import("../base/types.js").Entry} Entry */

/**
 * A row as it is stored. `copy` tells apart the rows that are shown from those of a copy that is being made; the others are derived, for indexes:
 * `shelf` (office, open, closed, notice; nothing for what hangs on a task), `parent` of a task, `filed` 1 where files hang on it.
 * @typedef {{copy: number, kind: string, id: string, task?: string, shelf?: string, parent?: string, number?: number, filed?: 1, data: any}} Stored
 */

/** A file that waits to be sent. @typedef {{sha256: string, name: string, type: string, size: number, blob: Blob, uploaded: boolean}} Blobbed */

/** @typedef {{key: string, value: any}} State */

/** What lists need of many tasks, as of one generation of one copy: sheets.js. @typedef {{key: string, copy: number, generation: number, text: string}} Sheet */

/**
 * @typedef {import("../../vendor/dexie-4.4.7.min.mjs").Dexie & {
 *   rows: import("../../vendor/dexie-4.4.7.min.mjs").Table<Stored, [number, string, string]>,
 *   sheets: import("../../vendor/dexie-4.4.7.min.mjs").Table<Sheet, string>,
 *   state: import("../../vendor/dexie-4.4.7.min.mjs").Table<State, string>,
 *   outbox: import("../../vendor/dexie-4.4.7.min.mjs").Table<Entry, number>,
 *   blobs: import("../../vendor/dexie-4.4.7.min.mjs").Table<Blobbed, string>,
 *   purge: import("../../vendor/dexie-4.4.7.min.mjs").Table<{sha256: string}, string>,
 * }} Database
 */

/** Raised with every change of `SHAPE`; an older database is brought to it when it is opened. */
export const VERSION = 1;
const SHAPE = {
  rows: "[copy+kind+id],[copy+shelf],[copy+task+kind],[copy+parent],[copy+number],[copy+filed]",
  sheets: "key",
  state: "key",
  outbox: "++n,&id,state,*files",
  blobs: "sha256",
  purge: "sha256",
};

/** @param {string} person @returns {string} */
export const nameOf = (person) => `soviec-${person}`;

/** Whether the error, or what is behind it, says that the device is full. @param {any} error @returns {boolean} */
export const isQuota = (error) => Boolean(error) && (error.name === "QuotaExceededError" || isQuota(error.inner));

/**
 * Runs a step on the database; a full disk is `Full`, whatever the browser wraps it in.
 * @template T
 * @param {() => PromiseLike<T>} step
 * @returns {Promise<T>}
 */
export async function onDisk(step) {
  try {
    return await step();
  } catch (error) {
    if (isQuota(error)) throw new Full("no room on the device", { cause: error });
    throw error;
  }
}

/**
 * @param {string} person
 * @param {{indexedDB?: IDBFactory, IDBKeyRange?: any}} given
 * @returns {Promise<Database>}
 */
export async function openDatabase(person, given) {
  const db = /** @type {Database} */ (new Dexie(nameOf(person), { ...given, chromeTransactionDurability: "strict" }));
  db.version(VERSION).stores(SHAPE);
  try {
    // Dexie would bring a newer database to an in-between of both shapes.
    const there = await onDisk(() => versionOnDisk(given.indexedDB ?? indexedDB, db.name));
    if (Math.floor(there / 10) > VERSION) throw new NewerShape("the database was written by a newer release");
    await onDisk(() => db.open());
    await onDisk(() => carryOver(db));
  } catch (error) {
    db.close({ disableAutoOpen: true });
    throw error;
  }
  return db;
}

/** The browser's number of the database, ten times ours; 0 where there is none, and none is made. @param {IDBFactory} factory @param {string} name @returns {Promise<number>} */
function versionOnDisk(factory, name) {
  return new Promise((resolve, reject) => {
    let is = true;
    const opening = factory.open(name);
    opening.onupgradeneeded = () => {
      is = false;
      opening.transaction?.abort();
    };
    opening.onsuccess = () => {
      const { version } = opening.result;
      opening.result.close();
      resolve(version);
    };
    opening.onerror = (event) => {
      event.preventDefault();
      if (!is) resolve(0);
      else reject(opening.error);
    };
  });
}

/** Entries that an older release wrote become entries of this one, all in one transaction. @param {Database} db */
async function carryOver(db) {
  if (await db.outbox.toCollection().and((entry) => entry.schema !== SCHEMA).count() === 0) return;
  await db.transaction("rw", db.outbox, async () => {
    for (const entry of await db.outbox.toArray()) {
      if (entry.schema === SCHEMA) continue;
      if (entry.schema > SCHEMA) throw new NewerShape("an entry was written by a newer release");
      await db.outbox.put(migrateEntry(entry));
    }
  });
}
