// Sends what waits, then fetches what changed: one at a time for a person on this device, told to every page.
import { flush, reasonOf } from "../outbox/flush.js";
import { backOff, PIECE_MS, Sizes } from "../outbox/line.js";
import { Unreachable } from "../replica/errors.js";
import { contact } from "./stores.js";

/** @typedef {import("../base/types.js").Entry} Entry */
/** @typedef {import("../replica/store.js").Store} Store */
/** @typedef {import("../outbox/flush.js").Stopped} Stopped */

/**
 * How it went: `online` whether the server answered, `wait` ms until it makes sense to try by itself again, `changed` whether rows or entries did;
 * `skipped` where nothing was tried, because it is not yet time or another worker is at it.
 * @typedef {{online: boolean, stopped: Stopped, wait: number, changed: boolean, skipped: boolean}} Ran
 */

/** `why`: "beat" is the regular call of the leading tab, which waits for its time; anything else tries at once. @typedef {{why?: string, fetch?: typeof globalThis.fetch, random?: () => number, now?: () => number}} Call */

/** Calls that wait until the back-off is over, and leave it to whoever is at it already. */
const PATIENT = ["beat", "heartbeat"];
const CHANNEL = "soviec";
const TAG = "soviec";

/** What is under way for a person, and the one run that comes after it. @typedef {{running: Promise<Ran> | null, next: Promise<Ran> | null, sizes: Sizes}} Work */

/** @type {Map<string, Work>} */
const works = new Map();

/** Who waits for the answer to an entry; is told whether nothing more is tried for now. @type {Map<string, Set<(ended: boolean) => void>>} */
const waiters = new Map();

/**
 * Flush, then pull. While one run is under way, all further calls share the one that comes after it.
 * @param {Store} store
 * @param {Call | string} [call]
 * @returns {Promise<Ran>}
 */
export function run(store, call = {}) {
  const given = typeof call === "string" ? { why: call } : call;
  const work = works.get(store.person) ?? { running: null, next: null, sizes: new Sizes() };
  works.set(store.person, work);
  if (!work.running) return begin(store, given, work);
  if (PATIENT.includes(given.why ?? "")) return work.running;
  work.next ??= work.running.then(
    () => begin(store, given, work),
    () => begin(store, given, work),
  );
  return work.next;
}

/** @param {Store} store @param {Call} given @param {Work} work @returns {Promise<Ran>} */
function begin(store, given, work) {
  work.next = null;
  const running = locked(store, given, work).finally(() => {
    if (work.running === running) work.running = null;
  });
  work.running = running;
  return running;
}

/** Under the lock that every worker and tab of this device asks for. @param {Store} store @param {Call} given @param {Work} work @returns {Promise<Ran>} */
async function locked(store, given, work) {
  const patient = PATIENT.includes(given.why ?? "");
  const locks = globalThis.navigator?.locks;
  if (!locks) return inTurn(store, given, work, patient);
  return locks.request(`soviec-sync-${store.person}`, { ifAvailable: patient }, (lock) => (lock ? inTurn(store, given, work, patient) : SKIPPED));
}

/** @type {Ran} */
const SKIPPED = { online: true, stopped: "", wait: 0, changed: false, skipped: true };

/** How often in a row it failed, and until when (ms since 1970) nothing is tried by itself. @typedef {{failures: number, until: number}} Pause */

/** Tells the pages before and after; whatever goes wrong, none of them is left thinking that something is being sent. @param {Store} store @param {Call} given @param {Work} work @param {boolean} patient @returns {Promise<Ran>} */
async function inTurn(store, given, work, patient) {
  try {
    return await once(store, given, work, patient);
  } catch (error) {
    const counts = await store.counts().catch(() => ({ waiting: 0, sending: 0, rejected: 0 })); // the database may be what went wrong
    tell({ type: "state", person: store.person, ...counts, online: true, busy: false, stopped: "server", wait: 0 });
    throw error;
  }
}

/** @param {Store} store @param {Call} given @param {Work} work @param {boolean} patient @returns {Promise<Ran>} */
async function once(store, { fetch = globalThis.fetch.bind(globalThis), random = Math.random, now = Date.now }, work, patient) {
  const paused = await pauseOf(store);
  // A clock that was set back must not hold anything up for longer than it was meant.
  const left = Math.min(paused.until - now(), backOff(paused.failures, { random: () => 1 }));
  if (patient && paused.failures && left > 0) return { ...SKIPPED, online: false, wait: left };
  const before = await store.counts();
  if (before.waiting) tell({ type: "state", person: store.person, ...before, online: !paused.failures, busy: true, stopped: "", wait: 0 });
  const sent = await flush(store, { fetch, random, now, sizes: work.sizes, failures: paused.failures });
  let { stopped, wait } = sent;
  let changed = sent.sent + sent.rejected > 0;
  answered(store.person, Boolean(stopped) && !work.next);
  if (!stopped) {
    try {
      changed = (await store.pull({ fetch: withTimeout(fetch) })).changed || changed;
    } catch (error) {
      stopped = reasonOf(error);
      if (error instanceof Unreachable) wait = backOff(paused.failures + 1, { random, retryAfter: error.retryAfter });
    }
  }
  const failures = stopped ? paused.failures + 1 : 0;
  // Whoever signs in or makes room calls at once; the regular calls need not ask every few seconds until then.
  const until = stopped ? now() + (wait || backOff(failures, { random })) : 0;
  await store.db.state.put({ key: "pause", value: { failures, until } });
  const online = stopped !== "offline" && stopped !== "server";
  contact(online);
  const counts = await store.counts();
  if (counts.waiting + counts.sending && !online) await wakeLater();
  tell({ type: "state", person: store.person, ...counts, online, busy: false, stopped, wait });
  if (changed) tell({ type: "changed", person: store.person });
  return { online, stopped, wait, changed, skipped: false };
}

/** @param {Store} store @returns {Promise<Pause>} */
const pauseOf = async (store) => (await store.db.state.get("pause"))?.value ?? { failures: 0, until: 0 };

/** A request that ends by itself where the line hangs. @param {typeof globalThis.fetch} fetch @returns {typeof globalThis.fetch} */
const withTimeout = (fetch) => (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout?.(PIECE_MS) });

/** To every page. @param {any} message */
function tell(message) {
  if (typeof BroadcastChannel !== "function") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(message);
  channel.close();
}

/** Where the browser can, it wakes the worker when the network is back, even with no page open. */
async function wakeLater() {
  const { registration } = /** @type {{registration?: {sync?: {register(tag: string): Promise<void>}}}} */ (/** @type {unknown} */ (globalThis));
  await registration?.sync?.register(TAG).catch(() => undefined); // not allowed by the user: pages wake it
}

/** Whoever waits for an answer looks again. @param {string} person @param {boolean} ended nothing more is tried for now */
function answered(person, ended) {
  for (const look of waiters.get(person) ?? []) look(ended);
}

/**
 * The entry as soon as the server has answered it; for a form that waits a moment before it says that its work waits.
 * @param {Store} store
 * @param {string} id the mutation's
 * @param {number} ms at most
 * @returns {Promise<Entry | null>} null where no answer came in that time, or the run ended without one
 */
export function settled(store, id, ms) {
  return new Promise((resolve) => {
    const looks = waiters.get(store.person) ?? new Set();
    waiters.set(store.person, looks);
    /** @param {Entry | null} entry */
    const end = (entry) => {
      clearTimeout(timer);
      looks.delete(look);
      resolve(entry);
    };
    const look = async (ended = false) => {
      const found = await store.db.outbox.where("id").equals(id).first();
      if (found?.state === "applied" || found?.state === "rejected") end(found);
      // Gone: it was answered, and a pull has brought what came of it.
      else if (ended || !found) end(null);
    };
    const timer = setTimeout(() => end(null), ms);
    looks.add(look);
    void look();
  });
}
