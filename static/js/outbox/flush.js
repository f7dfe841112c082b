// Sends what waits, in order, exactly once: docs/sync.md, Push. What is not certain stays as it is and is sent again.
import { newId } from "../base/ids.js";
import { say } from "../base/words.js";
import { Full, OtherPerson, SignedOut, Unreachable } from "../replica/errors.js";
import { backOff, jsonOf, Line, PUSH_MS, Sizes, TimedOut } from "./line.js";
import { upload } from "./upload.js";

/** @typedef {import("../base/types.js").Entry} Entry */
/** @typedef {import("../replica/store.js").Store} Store */
/** @typedef {import("../replica/queue.js").Result} Result */

/** Why it ended before everything was sent. @typedef {"" | "offline" | "signed_out" | "other_person" | "server" | "full"} Stopped */

/**
 * `sent` entries that were applied, `rejected` those that were refused, `left` what waits still; `wait` ms before it makes sense to try again by
 * itself (0: nothing to wait for, or waiting does not help).
 * @typedef {{sent: number, rejected: number, left: number, stopped: Stopped, wait: number}} Flushed
 */

/** The shape of mutations that this release sends. */
const SCHEMA = 1;
/** So often the numbers may have to be given anew before the server is left alone for a while. */
const MOST_RENUMBERED = 5;

/**
 * Sends the outbox until nothing waits or something stops it. Only one at a time may run for a person (`worker/run.js` sees to it).
 * @param {Store} store
 * @param {{fetch: typeof globalThis.fetch, random?: () => number, now?: () => number, sizes?: Sizes, failures?: number}} means `failures` in a row before this one
 * @returns {Promise<Flushed>}
 */
export async function flush(store, { fetch, random, now, sizes = new Sizes(), failures = 0 }) {
  const sending = new Sending(store, new Line(store.person, { fetch, now }, sizes));
  /** @type {Stopped} */
  let stopped = "";
  let wait = 0;
  try {
    await sending.everything();
  } catch (error) {
    stopped = reasonOf(error);
    if (error instanceof Unreachable) wait = backOff(failures + 1, { random, retryAfter: error.retryAfter });
  }
  const { waiting, sending: open } = await store.counts();
  return { sent: sending.sent, rejected: sending.rejected, left: waiting + open, stopped, wait };
}

/** @param {unknown} error @returns {Stopped} throws what is an error of the program */
export function reasonOf(error) {
  if (error instanceof SignedOut) return "signed_out";
  if (error instanceof OtherPerson) return "other_person";
  if (error instanceof Full) return "full";
  if (error instanceof Unreachable) return error.status === 0 ? "offline" : "server";
  throw error;
}

class Sending {
  sent = 0;
  rejected = 0;
  /** Entries that are sent one by one, because together with others one of them was refused. */
  #alone = 0;
  #renumbered = 0;
  #client = "";

  /** @param {Store} store @param {Line} line */
  constructor(store, line) {
    this.store = store;
    this.line = line;
  }

  async everything() {
    for (let begun = false; ; begun = true) {
      const open = (await this.store.entries()).filter((entry) => entry.state === "waiting" || entry.state === "sending");
      if (!open.length) return;
      if (!begun) await this.#begin();
      const batch = await this.#next(open);
      if (batch.length) await this.#push(batch);
    }
  }

  async #begin() {
    await this.line.open();
    this.#client = await clientOf(this.store);
    // Nothing is known of the queue: it may have numbers already.
    if (!(await this.store.numbers())) await this.store.renumber((await this.#ask([])).last_seq);
  }

  /**
   * The next entries in order, up to the first whose file is not up; where that is the very first, its files go up now.
   * @param {Entry[]} open
   * @returns {Promise<Entry[]>}
   */
  async #next(open) {
    const inOrder = [...open].sort((one, other) => (one.seq ?? Infinity) - (other.seq ?? Infinity) || one.n - other.n);
    const most = this.#alone ? 1 : this.line.sizes.batch;
    /** @type {Entry[]} */
    const batch = [];
    let bytes = 0;
    for (const entry of inOrder) {
      bytes += JSON.stringify(entry.args).length * 3; // as many as a letter has at most in UTF-8
      if (batch.length === most || (batch.length && bytes > this.line.sizes.bytes)) break;
      const files = await this.#notUp(entry);
      if (files.length && batch.length) break;
      for (const file of files) {
        const refused = await upload(this.line, file);
        if (refused) {
          await this.#reject(entry, refused);
          return [];
        }
        await this.store.markUploaded(file.sha256);
      }
      batch.push(entry);
    }
    return batch;
  }

  /** Files of an entry that the server may not have. @param {Entry} entry */
  async #notUp(entry) {
    const found = await Promise.all(entry.files.map((sha256) => this.store.blob(sha256)));
    return found.filter((one) => one !== undefined).filter((one) => !one.uploaded);
  }

  /** @param {Entry[]} batch */
  async #push(batch) {
    const given = (await this.store.numbers())?.given ?? 0;
    const sent = await this.store.markSending(batch.map((entry) => entry.n));
    if (!sent.length) return; // taken back a moment ago
    /** @type {{last_seq: number, results: Result[]}} */
    let said;
    try {
      said = await this.#ask(sent);
    } catch (error) {
      if (error instanceof TimedOut) this.line.sizes.batch = Math.max(1, Math.floor(sent.length / 2));
      if (!(error instanceof NotTaken)) throw error;
      return this.#notTaken(sent, error);
    }
    if (this.#alone) this.#alone -= 1;
    await this.#answered(sent, said, Math.max(given, ...sent.map((entry) => entry.seq ?? 0)));
  }

  /**
   * @param {Entry[]} sent
   * @returns {Promise<{last_seq: number, results: Result[]}>}
   * @throws {NotTaken} 400 and 413: nothing of it was taken
   */
  async #ask(sent) {
    const mutations = sent.map(({ seq, id, name, at, args }) => ({ seq, id, name, at, args }));
    const body = JSON.stringify({ client_id: this.#client, schema: SCHEMA, person: this.store.person, mutations });
    const response = await this.line.ask("/sync/push", { method: "POST", body, headers: { "Content-Type": "application/json" } }, PUSH_MS);
    const said = await jsonOf(response);
    if (response.status === 409 && said?.code === "other_person") throw new OtherPerson("the server takes somebody else's work");
    if (response.status === 400 || response.status === 413) throw new NotTaken(response.status, String(said?.message ?? ""));
    if (response.status !== 200) throw this.line.unreachable(response);
    if (!Number.isSafeInteger(said?.last_seq) || !Array.isArray(said.results)) throw new Unreachable(0);
    return said;
  }

  /** Nothing of a push was taken: less at once, and what is refused alone is its author's to see. @param {Entry[]} sent @param {NotTaken} refused */
  async #notTaken(sent, { status, message }) {
    if (sent.length > 1) {
      if (status === 413) this.line.sizes.batch = Math.floor(sent.length / 2);
      else this.#alone = sent.length;
      return;
    }
    const { last_seq } = await this.#ask([]).catch((error) => {
      // Not even an empty push is taken: it is not the entry's fault. It waits, for a newer release of either side.
      throw error instanceof NotTaken ? new Unreachable(error.status) : error;
    });
    this.#alone = Math.max(0, this.#alone - 1);
    await this.#reject(sent[0], { code: "invalid", message: message || say("outbox.not_taken") });
    await this.store.renumber(last_seq);
  }

  /** The server never counted it. @param {Entry} entry @param {{code: string, message: string}} why */
  async #reject(entry, { code, message }) {
    await this.store.markAnswered({ seq: 0, id: entry.id, status: "rejected", code, message });
    this.rejected += 1;
  }

  /**
   * Stores what was answered, whatever its order and however much of it, in one transaction; brings the numbers in line with the server's.
   * @param {Entry[]} sent
   * @param {{last_seq: number, results: Result[]}} said
   * @param {number} given the highest number that was given on this device
   */
  async #answered(sent, { last_seq, results }, given) {
    const open = new Map(sent.map((entry) => [entry.id, entry]));
    // The server has numbers that were never given here: its "conflict" may only mean that the number is taken.
    const ahead = last_seq > given;
    const told = results.filter((one) => isResult(one) && open.has(one.id) && !(ahead && one.status === "rejected" && one.code === "conflict"));
    const { db } = this.store;
    await db.transaction("rw", [db.outbox, db.blobs, db.state], async () => {
      for (const one of told) {
        const entry = open.get(one.id);
        if (!open.delete(one.id) || !entry) continue; // said twice
        await this.store.markAnswered(one);
        if (one.status === "applied") this.sent += 1;
        else await this.#again(entry);
      }
    });
    const first = Math.min(...[...open.values()].map((entry) => entry.seq ?? 0));
    if (open.size ? ahead || first > last_seq + 1 : ahead) {
      if (++this.#renumbered > MOST_RENUMBERED) throw new Unreachable(500);
      await this.store.renumber(last_seq);
    } else if (!told.length) {
      throw new Unreachable(500); // the server fails at this one, for now
    }
  }

  /** A rejected entry may be sent anew, long after: then its files are looked for again. @param {Entry} entry */
  async #again(entry) {
    this.rejected += 1;
    for (const sha256 of entry.files) await this.store.db.blobs.update(sha256, { uploaded: false });
  }
}

/** 400 or 413: nothing of a push was taken. */
class NotTaken extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {any} one @returns {one is Result} */
const isResult = (one) => Number.isSafeInteger(one?.seq) && typeof one.id === "string" && (one.status === "applied" || one.status === "rejected");

/** By what the server knows this queue; it lives and goes with the numbers that were given in it. @param {Store} store @returns {Promise<string>} */
function clientOf(store) {
  const { state } = store.db;
  return store.db.transaction("rw", state, async () => {
    const known = await state.get("client");
    if (known) return known.value;
    const value = newId();
    await state.put({ key: "client", value });
    return value;
  });
}
