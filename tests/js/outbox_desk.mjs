// A device of the tests: a store in a database of its own, and what somebody does on it.
import { createHash } from "node:crypto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { newId } from "../../static/js/base/ids.js";
import { learn } from "../../static/js/base/words.js";
import { Sizes } from "../../static/js/outbox/line.js";
import { flush } from "../../static/js/outbox/flush.js";
import { open } from "../../static/js/replica/store.js";
import { ANNA } from "./outbox_server.mjs";

learn({ "outbox.not_taken": "không nhận" });

export const TASK = "01900000-0000-7000-8000-0000000000aa";

export async function device(server, person = ANNA) {
  const given = { indexedDB: new IDBFactory(), IDBKeyRange };
  let store = await open(person, given);
  const sizes = new Sizes();
  return {
    get store() {
      return store;
    },
    sizes,
    /** The worker dies and is started again: nothing but the database is left. */
    async restart() {
      store.close();
      store = await open(person, given);
    },
    flush: (more = {}) => flush(store, { fetch: server.fetch, random: () => 0.5, sizes, ...more }),
    async does(percent = 10, { files = [], task = TASK, name = "task.progress", ...args } = {}) {
      const id = newId();
      const said = { id, task, percent, files: files.map((one) => one.sha256), ...args };
      return store.enqueue({ id, name, args: said, task, label: `${name} ${percent}`, files });
    },
    async states() {
      return (await store.entries()).map((entry) => entry.state);
    },
    async entry(n) {
      return store.entry(n);
    },
  };
}

export function file(size, name = "ảnh.jpg", seed = 1) {
  const bytes = Buffer.alloc(size, 0).map((_, at) => (at * 31 + seed * 7) % 251);
  return { sha256: createHash("sha256").update(bytes).digest("hex"), name, type: "image/jpeg", size, blob: new Blob([bytes], { type: "image/jpeg" }), bytes };
}

/** Random numbers from a seed. */
export function chance(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { random, below: (most) => Math.floor(random() * most), of: (some) => some[Math.floor(random() * some.length)] };
}
