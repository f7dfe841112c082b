// The outbox as transactions: an entry with its files, its numbers, the server's answer. Sending is outbox/flush.js.
import { deviceStamp } from "../base/time.js";
import { newId } from "../base/ids.js";
import { isQuiet } from "./apply/notices.js";
import { onDisk } from "./db.js";
import { Full, TooLate } from "./errors.js";
import { SCHEMA } from "./migrate.js";

/** @typedef {import("./db.js").Database} Database */
/** @typedef {import("./db.js").Blobbed} Blobbed */
/** @typedef {import("../base/types.js").Entry} Entry */

/** A file to be sent; without `blob` where it is here already. @typedef {{sha256: string, name?: string, type?: string, size?: number, blob?: Blob}} Attached */

/**
 * What was done: `id` where the page has made the mutation's identifier already, `form` what had been typed.
 * @typedef {{name: string, args: any, task: string | null, label: string, files?: Attached[], form?: Entry["form"], id?: string, at?: string}} Claim
 */

/** An answer of the server; `seq` 0 where the server has not counted it. @typedef {{seq: number, id: string, status: "applied" | "rejected", code?: string, message?: string, data?: any}} Result */

/** Bytes that must stay free beside the files themselves. */
const SPARE = 1_000_000;
const UNSENT = ["waiting", "rejected"];

/**
 * @template T
 * @param {Database} db
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
const whole = (db, step) => onDisk(() => db.transaction("rw", [db.outbox, db.blobs, db.state], step));

/** @param {Database} db @param {string} person @param {Claim} claim @returns {Promise<Entry>} */
export async function enqueue(db, person, claim) {
  const files = claim.files ?? [];
  await checkRoom(files);
  return whole(db, async () => {
    const there = claim.id && (await db.outbox.where("id").equals(claim.id).first());
    if (there) return there;
    await addBlobs(db, files);
    return add(db, {
      id: claim.id ?? newId(),
      name: claim.name,
      args: claim.args,
      at: claim.at ?? deviceStamp(new Date()),
      person,
      task: claim.task,
      label: claim.label,
      files: files.map((file) => file.sha256),
      attachments: await described(db, files),
      ...FRESH,
      form: claim.form ?? null,
    });
  });
}

/** What an entry is before anything was heard of it. @type {Pick<Entry, "state" | "seq" | "attempts" | "code" | "message" | "answer" | "shown" | "schema">} */
const FRESH = { state: "waiting", seq: null, attempts: 0, code: "", message: "", answer: null, shown: false, schema: SCHEMA };

/** @param {Database} db @param {Omit<Entry, "n">} entry @returns {Promise<Entry>} */
async function add(db, entry) {
  const n = await db.outbox.add(/** @type {Entry} */ ({ ...entry }));
  return { ...entry, n };
}

/** Said before anything is claimed. @param {Attached[]} files @throws {Full} */
async function checkRoom(files) {
  const wanted = files.reduce((sum, file) => sum + (file.blob?.size ?? 0), 0);
  const told = wanted && (await globalThis.navigator?.storage?.estimate?.().catch(() => null));
  if (told && told.quota !== undefined && told.quota - (told.usage ?? 0) < wanted + SPARE) throw new Full("no room for the files");
}

/** @param {Database} db @param {Attached[]} files */
async function addBlobs(db, files) {
  for (const { sha256, name = "", type = "", size, blob } of files) {
    if (!blob || (await db.blobs.get(sha256))) continue;
    await db.blobs.add({ sha256, name, type: type || blob.type, size: size ?? blob.size, blob, uploaded: false });
  }
}

/** What the files are, so that pages can show them before the server has them. @param {Database} db @param {Attached[]} files @returns {Promise<NonNullable<Entry["attachments"]>>} */
async function described(db, files) {
  const kept = await db.blobs.bulkGet(files.map((file) => file.sha256));
  return kept.flatMap((one) => (one ? [{ sha256: one.sha256, name: one.name, type: one.type, size: one.size }] : []));
}

/** @param {Database} db @param {number} n @param {Entry["state"]} state @returns {Promise<Entry>} @throws {TooLate} */
async function inState(db, n, state) {
  const entry = await db.outbox.get(n);
  if (entry?.state !== state) throw new TooLate(`entry ${n} is ${entry?.state ?? "gone"}`);
  return entry;
}

/** @param {Database} db @param {number} n @param {any} args @param {{label?: string, files?: Attached[], form?: Entry["form"]}} more @returns {Promise<Entry>} */
export async function change(db, n, args, { label, files, form }) {
  if (files) await checkRoom(files);
  return whole(db, async () => {
    const entry = await inState(db, n, "waiting");
    const made = { ...entry, args, label: label ?? entry.label, form: form === undefined ? entry.form : form };
    if (files) {
      await addBlobs(db, files);
      made.files = files.map((file) => file.sha256);
      made.attachments = await described(db, files);
    }
    await db.outbox.put(made);
    await dropBlobs(db, entry.files);
    return made;
  });
}

/** @param {Database} db @param {number} n @returns {Promise<Entry[]>} */
export async function hanging(db, n) {
  const root = await db.outbox.get(n);
  if (!root) return [];
  /** @type {Set<any>} */
  const made = new Set([root.args?.id].filter(Boolean));
  const found = [root];
  for (const entry of await db.outbox.where("n").above(n).toArray()) {
    const { id, ...others } = entry.args ?? {};
    if (entry.state === "applied" || !(made.has(entry.task) || Object.values(others).some((one) => made.has(one)))) continue;
    found.push(entry);
    if (id) made.add(id);
  }
  return found;
}

/** @param {Database} db @param {number} n @returns {Promise<Entry[]>} */
export function takeBack(db, n) {
  return whole(db, async () => {
    await inState(db, n, "waiting");
    const went = await hanging(db, n);
    if (went.some((entry) => entry.state === "sending")) throw new TooLate("something that hangs on it is on its way");
    await forget(db, went);
    return went;
  });
}

/** @param {Database} db @param {number} n @returns {Promise<Entry[]>} */
export function discard(db, n) {
  return whole(db, async () => {
    await inState(db, n, "rejected");
    const went = (await hanging(db, n)).filter((entry) => UNSENT.includes(entry.state));
    await forget(db, went);
    return went;
  });
}

/**
 * What hangs on the entry follows it, in its order: it could not be before.
 * @param {Database} db
 * @param {number} n
 * @param {{args?: any, label?: string, form?: Entry["form"]}} changed
 * @returns {Promise<Entry>}
 */
export function retry(db, n, changed) {
  return whole(db, async () => {
    const old = await inState(db, n, "rejected");
    const follow = (await hanging(db, n)).slice(1).filter((entry) => UNSENT.includes(entry.state));
    await db.outbox.bulkDelete([n, ...follow.map((entry) => entry.n)]);
    const again = (/** @type {Entry} */ { n: _, ...entry }) => add(db, { ...entry, ...FRESH, id: newId() });
    const at = changed.args === undefined ? old.at : deviceStamp(new Date());
    const made = await again({ ...old, ...changed, at });
    for (const entry of follow) await again(entry);
    return made;
  });
}

/** Entries go, and files that nothing else of the outbox names. @param {Database} db @param {(Entry | undefined)[]} entries @returns {Promise<number>} how many went */
export async function forget(db, entries) {
  const went = entries.filter((entry) => entry !== undefined);
  await db.outbox.bulkDelete(went.map((entry) => entry.n));
  await dropBlobs(db, went.flatMap((entry) => entry.files));
  return went.length;
}

/** @param {Database} db @param {string[]} files those of them that nothing names any more */
async function dropBlobs(db, files) {
  for (const sha256 of new Set(files)) {
    if (!(await db.outbox.where("files").equals(sha256).count())) await db.blobs.delete(sha256);
  }
}

/** What the person has to look after; that he read something is sent without being counted. @param {Database} db @returns {Promise<import("../base/types.js").Counts>} */
export async function counts(db) {
  const count = (/** @type {string} */ state) => db.outbox.where("state").equals(state).filter((entry) => !isQuiet(entry)).count();
  const [waiting, sending, rejected] = await db.transaction("r", db.outbox, () => Promise.all(["waiting", "sending", "rejected"].map(count)));
  return { waiting, sending, rejected };
}

/** @param {Database} db @returns {Promise<{answered: number, given: number} | null>} */
export async function numbers(db) {
  return (await db.state.get("seq"))?.value ?? null;
}

/** @param {Database} db @param {number[]} ns @returns {Promise<Entry[]>} */
export function markSending(db, ns) {
  return whole(db, async () => {
    const seq = (await numbers(db)) ?? { answered: 0, given: 0 };
    const found = (await db.outbox.bulkGet(ns)).filter((entry) => entry !== undefined).sort((one, other) => one.n - other.n);
    const sent = found.filter((entry) => entry.state === "waiting" || entry.state === "sending");
    for (const entry of sent) {
      if (entry.state === "waiting") entry.seq = ++seq.given;
      entry.state = "sending";
      entry.attempts += 1;
    }
    await db.outbox.bulkPut(sent);
    await db.state.put({ key: "seq", value: seq });
    return sent.sort((one, other) => Number(one.seq) - Number(other.seq));
  });
}

/** @param {Database} db @param {Result} result @returns {Promise<Entry | undefined>} */
export function markAnswered(db, { seq, id, status, code = "", message = "", data = null }) {
  return whole(db, async () => {
    const known = (await numbers(db)) ?? { answered: 0, given: 0 };
    await db.state.put({ key: "seq", value: { answered: Math.max(known.answered, seq), given: Math.max(known.given, seq) } });
    const entry = await db.outbox.where("id").equals(id).first();
    // Without a number the server has not counted it: a file that it does not take is refused before its entry is sent.
    if (entry?.state !== "sending" && !(seq === 0 && entry?.state === "waiting")) return entry;
    const made = { ...entry, state: status, code, message, answer: data };
    await db.outbox.put(made);
    // The entry goes with the next pull; that it wrote over somebody else's values stays to be looked at (worker/pages/clashes.js).
    const values = status === "applied" ? data?.clash_values : null;
    if (values && Object.keys(values).length) await db.state.put({ key: `over:${id}`, value: { task: made.task, at: made.at, values } });
    return made;
  });
}

/** @param {Database} db @param {number} lastSeq @returns {Promise<Entry[]>} */
export function renumber(db, lastSeq) {
  return whole(db, async () => {
    const sent = (await db.outbox.where("state").equals("sending").toArray()).sort((one, other) => Number(one.seq) - Number(other.seq));
    sent.forEach((entry, place) => {
      entry.seq = lastSeq + 1 + place;
    });
    await db.outbox.bulkPut(sent);
    await db.state.put({ key: "seq", value: { answered: lastSeq, given: lastSeq + sent.length } });
    return sent;
  });
}

/** @param {Database} db @param {{keepOutbox: boolean}} given */
export async function wipe(db, { keepOutbox }) {
  if (!keepOutbox) return db.delete({ disableAutoOpen: true });
  await db.transaction("rw", [db.rows, db.sheets, db.state, db.purge], async () => {
    const generation = (await db.state.get("generation"))?.value ?? 0;
    await db.rows.clear();
    await db.sheets.clear();
    await db.state.where("key").noneOf(["seq", "client", "skew"]).delete();
    await db.state.put({ key: "generation", value: generation + 1 });
    await db.purge.put({ sha256: "*" });
  });
}
