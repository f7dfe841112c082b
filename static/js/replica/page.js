// One page of a pull goes into the database with its cursor, as a whole or not at all.
import { Dexie } from "../../vendor/dexie-4.4.7.min.mjs";
import { onDisk } from "./db.js";
import { HANGING, isOpen, SHELVED } from "./held.js";
import { orderOf } from "./numbers.js";
import { forget } from "./queue.js";

/** @typedef {import("./db.js").Database} Database */
/** @typedef {import("./db.js").Stored} Stored */
/** @typedef {import("./pull.js").Change} Change */
/** @typedef {import("./pull.js").Page} Page */
/** @typedef {import("./load.js").Touched} Touched */

const NOTICE_MS = 60 * 86_400_000;
/** Beyond so many changed rows whoever has rows in memory reads them anew. */
const REMEMBERED = 1000;

/** Where the replica stands. @typedef {{copy?: number, cursor?: string, making?: {copy: number, cursor: string}, generation: number, touched: Touched[]}} Place */

/**
 * @param {Database} db
 * @param {string} cursor the one that this page was asked with
 * @param {Page} page
 * @param {number[]} answered entries that were answered before this pull began
 * @returns {Promise<{done: boolean, changed: boolean}>} `done`: the server has no more
 */
export function keep(db, cursor, page, answered) {
  return onDisk(() =>
    db.transaction("rw", [db.rows, db.state, db.outbox, db.blobs, db.purge], async () => {
      const place = await placeOf(db);
      // Somebody else pulled meanwhile: this page is of a place that is no more.
      if ((place.making?.cursor ?? place.cursor ?? "") !== cursor) return { done: false, changed: false };
      if (page.skew !== null) await db.state.put({ key: "skew", value: page.skew });
      if (page.reset || (place.copy === undefined && !place.making)) {
        if (place.making) await clear(db, place.making.copy);
        place.making = { copy: Math.max(place.copy ?? 0, place.making?.copy ?? 0) + 1, cursor };
      }
      const touched = await write(db, place.making?.copy ?? Number(place.copy), page.changes);
      if (place.making) return copied(db, place, place.making.copy, page);
      return moved(db, place, page, touched, answered);
    }),
  );
}

/** @param {Database} db @returns {Promise<Place>} */
async function placeOf(db) {
  const [copy, cursor, making, generation, touched] = await db.state.bulkGet(["copy", "cursor", "making", "generation", "touched"]);
  return { copy: copy?.value, cursor: cursor?.value, making: making?.value, generation: generation?.value ?? 0, touched: touched?.value ?? [] };
}

/** A page of a copy that is being made beside the rows that are shown; after its last page it is shown instead of them. @param {Database} db @param {Place} place @param {number} copy @param {Page} page */
async function copied(db, place, copy, page) {
  if (page.more) {
    await db.state.put({ key: "making", value: { copy, cursor: page.cursor } });
    return { done: false, changed: false };
  }
  if (place.copy !== undefined) {
    const [had, has] = await Promise.all([place.copy, copy].map((one) => db.rows.where("[copy+filed]").equals([one, 1]).toArray()));
    const kept = new Set(has.flatMap(filesOf));
    await purge(db, had.flatMap(filesOf).filter((file) => !kept.has(file)));
    await clear(db, place.copy);
  }
  await db.state.delete("making");
  await db.state.bulkPut([
    { key: "copy", value: copy },
    { key: "cursor", value: page.cursor },
    { key: "touched", value: [] },
    { key: "generation", value: place.generation + 1 },
  ]);
  // What changed while the copy was made comes with the changes after it.
  return { done: false, changed: true };
}

/** A page of changes. @param {Database} db @param {Place} place @param {Page} page @param {Touched["rows"]} touched @param {number[]} answered */
async function moved(db, place, page, touched, answered) {
  let went = 0;
  await db.state.put({ key: "cursor", value: page.cursor });
  if (!page.more) {
    touched.push(...(await forgetNotices(db, Number(place.copy))));
    went = await forget(db, (await db.outbox.bulkGet(answered)).filter((entry) => entry?.state === "applied"));
    await db.state.put({ key: "pulled_at", value: new Date().toISOString() });
  }
  if (touched.length) {
    const generation = place.generation + 1;
    const log = [...place.touched, { generation, rows: touched }];
    while (log.reduce((sum, one) => sum + one.rows.length, 0) > REMEMBERED) log.shift();
    await db.state.bulkPut([
      { key: "generation", value: generation },
      { key: "touched", value: log },
    ]);
  }
  return { done: !page.more, changed: touched.length + went > 0 };
}

/**
 * Of several changes of one row the last one; what hung on a task that went later in the page is gone with it, and a task that came back came alone.
 * @param {Change[]} changes
 * @returns {{drops: Change[], puts: Change[]}} drops first
 */
function sorted(changes) {
  /** @type {[Map<string, Change>, Map<string, Change>]} */
  const [drops, puts] = [new Map(), new Map()];
  for (const change of changes) {
    if (typeof change?.kind !== "string" || typeof change.id !== "string") continue;
    const key = `${change.kind} ${change.id}`;
    if (change.op !== "drop") {
      puts.set(key, change);
      continue;
    }
    puts.delete(key);
    drops.set(key, change);
    if (change.kind !== "task") continue;
    for (const [other, { kind, data }] of puts) if (kind !== "notice" && data?.task === change.id) puts.delete(other);
  }
  return { drops: [...drops.values()], puts: [...puts.values()] };
}

/** @param {Database} db @param {number} copy @param {Change[]} changes @returns {Promise<Touched["rows"]>} */
async function write(db, copy, changes) {
  const { drops, puts: asked } = sorted(changes);
  const puts = asked.map((change) => stored(copy, change));
  /** @type {Stored[]} */
  const gone = [];
  for (const { kind, id } of drops) {
    const row = await db.rows.get([copy, kind, id]);
    if (row) gone.push(row);
    if (kind === "task") gone.push(...(await db.rows.where("[copy+task+kind]").between([copy, id, Dexie.minKey], [copy, id, Dexie.maxKey]).toArray()).filter((one) => one.kind !== "notice"));
  }
  await db.rows.bulkDelete(gone.map((row) => /** @type {[number, string, string]} */ ([copy, row.kind, row.id])));
  await purge(db, gone.flatMap(filesOf));
  await db.rows.bulkPut(puts);
  return [...gone, ...puts].map((row) => [row.kind, row.id, row.task ?? ""]);
}

/** @param {number} copy @param {Change} change @returns {Stored} */
function stored(copy, { kind, id, data }) {
  const row = /** @type {Stored} */ ({ copy, kind, id, data: data ?? {} });
  if (kind === "task") {
    row.shelf = isOpen(row.data) ? "open" : "closed";
    if (row.data.parent) row.parent = row.data.parent;
    const order = orderOf(row.data);
    if (Number.isFinite(order)) row.number = order;
  } else if (HANGING.includes(kind)) {
    row.task = row.data.task ?? "";
  } else {
    row.shelf = SHELVED.includes(kind) ? kind : "office";
    if (row.data.task) row.task = row.data.task;
  }
  if (filesOf(row).length) row.filed = 1;
  return row;
}

/** @param {Stored} row @returns {string[]} sha256 of the files that hang on it */
const filesOf = ({ data }) => [...new Set([...(data.files ?? []), ...(data.attachments ?? []).map((/** @type {any} */ one) => one.sha256)])].filter((one) => typeof one === "string");

/** @param {Database} db @param {string[]} files */
async function purge(db, files) {
  await db.purge.bulkPut(files.map((sha256) => ({ sha256 })));
}

/** @param {Database} db @param {number} copy */
async function clear(db, copy) {
  await db.rows.where("[copy+kind+id]").between([copy, Dexie.minKey, Dexie.minKey], [copy, Dexie.maxKey, Dexie.maxKey]).delete();
}

/** Notices of more than 60 days ago. @param {Database} db @param {number} copy @returns {Promise<Touched["rows"]>} */
async function forgetNotices(db, copy) {
  const skew = (await db.state.get("skew"))?.value ?? 0;
  const since = Date.now() + skew - NOTICE_MS;
  const old = (await db.rows.where("[copy+shelf]").equals([copy, "notice"]).toArray()).filter((row) => Date.parse(row.data.at) < since);
  await db.rows.bulkDelete(old.map((row) => /** @type {[number, string, string]} */ ([copy, row.kind, row.id])));
  return old.map((row) => [row.kind, row.id, ""]);
}
