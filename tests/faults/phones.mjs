// Phones for the simulator: many devices in one process, each with databases of its own, that run the product's own outbox and replica.
// Orders come as JSON, one on a line, and are answered the same way: `{id, order, name, …}` by `{id, result}` or `{id, error}`.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { learn } from "../../static/js/base/words.js";
import { flush, reasonOf } from "../../static/js/outbox/flush.js";
import { Sizes } from "../../static/js/outbox/line.js";
import { open } from "../../static/js/replica/store.js";

// The packages of the tests' scripts are installed beside those.
const { IDBFactory, IDBKeyRange } = createRequire(new URL("../js/", import.meta.url))("fake-indexeddb");
const [, , base] = process.argv;
const SESSION = "/api/v1/session";
const BROKEN = ["offline", "server"];
const PIECE = 3000;

learn(new Proxy({}, { get: (_, key) => String(key), has: () => true }));

/** From a start of the worker to its end; `dies` names the point where it is killed: nothing that it does after that reaches anybody. */
class Life {
  /** @param {string} [dies] */
  constructor(dies = "") {
    this.dies = dies;
    this.answered = false;
    /** @type {Promise<"died">} */
    this.end = new Promise((resolve) => {
      this.die = () => resolve("died");
    });
  }

  /** @param {string} point @returns {Promise<void>} never, where it is killed there */
  at(point) {
    if (this.dies !== point) return Promise.resolve();
    this.die();
    return new Promise(() => {});
  }
}

class Phone {
  /** @param {string} name history and device */
  constructor(name) {
    this.name = name.split("-")[1];
    this.indexedDB = new IDBFactory();
    this.cookie = "";
    this.person = "";
    /** @type {Map<string, Promise<any>>} */
    this.stores = new Map();
  }

  /** @param {string} person */
  store(person) {
    if (!this.stores.has(person)) this.stores.set(person, open(person, { indexedDB: this.indexedDB, IDBKeyRange }));
    return this.stores.get(person);
  }

  /** Only what is in the databases, and the browser's cookie, is left. */
  async kill() {
    for (const store of this.stores.values()) (await store).close();
    this.stores.clear();
  }

  /** As the browser would send it from this device. @param {Life} life @returns {typeof globalThis.fetch} */
  fetch(life) {
    return async (path, init = {}) => {
      const pushes = path === "/sync/push";
      if (pushes) await life.at("numbered");
      if (life.answered) await life.at("stored");
      const headers = { ...init.headers, cookie: `soviec_session=${this.cookie}`, "x-device": this.name };
      const given = await globalThis.fetch(new URL(String(path), base), { ...init, headers });
      const response = new Response([204, 205, 304].includes(given.status) ? null : await given.arrayBuffer(), { status: given.status, headers: given.headers });
      if (pushes) await life.at("answered");
      if (String(path).startsWith("/sync/pull")) await life.at("paged");
      life.answered ||= pushes;
      return response;
    };
  }
}

/** @type {Map<string, Phone>} */
const phones = new Map();

/** @type {Record<string, (phone: Phone, given: any) => Promise<any>>} */
const orders = {
  /** Another person's work is tried with the new session first: it must not go. */
  async sign_in(phone, { person, cookie }) {
    const before = phone.person;
    Object.assign(phone, { person, cookie });
    if (!before || before === person) return "";
    const tried = await flush(await phone.store(before), { fetch: phone.fetch(new Life()) });
    return tried.left ? tried.stopped : "";
  },

  /** As the page does it: the replica goes, and the outbox where nothing is in it. */
  async sign_out(phone) {
    const fetch = phone.fetch(new Life());
    try {
      const { csrf_token } = await (await fetch(SESSION, {})).json();
      await fetch(SESSION, { method: "DELETE", headers: { "X-CSRF-Token": csrf_token } });
    } catch {
      // No line: the session ends by itself some day.
    }
    phone.cookie = "";
    const store = await phone.store(phone.person);
    const { waiting, sending, rejected } = await store.counts();
    await store.wipe({ keepOutbox: waiting + sending + rejected > 0 });
    if (!(waiting + sending + rejected)) phone.stores.delete(phone.person);
    phone.person = "";
  },

  async write(phone, { person, mutation, at, file, ...claim }) {
    const blob = file && new Blob([Buffer.from(file, "base64")], { type: "application/pdf" });
    const files = file ? [{ sha256: claim.args.files[0], name: "tep.pdf", type: blob.type, size: blob.size, blob }] : [];
    const task = claim.args.task ?? claim.args.id;
    await (await phone.store(person)).enqueue({ id: mutation, at, name: claim.what, args: claim.args, task, label: claim.what, files });
  },

  /** What `worker/run.js` does, as often as there is patience. */
  async sync(phone, { dies, batch, limit, patience }) {
    const life = new Life(dies);
    const sizes = Object.assign(new Sizes(), { batch, piece: PIECE });
    const work = async () => {
      const store = await phone.store(phone.person);
      const fetch = phone.fetch(life);
      for (let left = patience; ; left -= 1) {
        const { stopped } = await flush(store, { fetch, sizes, random: () => 0.5 });
        if (stopped && (!left || !BROKEN.includes(stopped))) return stopped;
        if (!stopped) return pulled(store, fetch, limit);
      }
    };
    const ended = await Promise.race([work(), life.end]);
    if (ended === "died") await phone.kill();
    return ended;
  },

  async pull(phone, { limit }) {
    return pulled(await phone.store(phone.person), phone.fetch(new Life()), limit);
  },

  kill: (phone) => phone.kill(),

  /** The rows that are shown. */
  async rows(phone, { person }) {
    const { db } = await phone.store(person);
    const copy = (await db.state.get("copy"))?.value;
    const rows = await db.rows.toArray();
    return Object.fromEntries(rows.filter((row) => row.copy === copy).map((row) => [`${row.kind} ${row.id}`, row.data]));
  },

  async outbox(phone, { person }) {
    const store = await phone.store(person);
    const entries = (await store.entries()).map(({ id, state, code, message, answer, seq }) => ({ id, state, code, message, answer, seq }));
    return { entries, client: (await store.db.state.get("client"))?.value ?? "", given: (await store.numbers())?.given ?? 0 };
  },
};

/** @param {any} store @param {typeof globalThis.fetch} fetch @param {number} limit @returns {Promise<string>} what stopped it */
async function pulled(store, fetch, limit) {
  try {
    await store.pull({ fetch, limit });
    return "";
  } catch (error) {
    return reasonOf(error);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, order, name, ...given } = JSON.parse(line);
  if (!phones.has(name)) phones.set(name, new Phone(name));
  orders[order](/** @type {Phone} */ (phones.get(name)), given).then(
    (result) => console.log(JSON.stringify({ id, result: result ?? null })),
    (error) => console.log(JSON.stringify({ id, error: String(error?.stack ?? error) })),
  );
}
process.exit(0);
