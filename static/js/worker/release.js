// The files of one release: fetched as a whole or not at all, kept as long as a page of that release is open.

const PREFIX = "soviec-release-";
/** How long a page may take to say which release it is of; one that sleeps keeps every release. */
const ANSWER_MS = 3000;

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

/** This worker's own release: its script stands at /static/v-{version}/js/worker/. */
export const VERSION = /\/v-([^/]+)\//.exec(new URL(import.meta.url).pathname)?.[1] ?? "";

/** @param {string} version @returns {string} */
const cacheOf = (version) => PREFIX + version;

/** @param {string} version @returns {string} */
const shellOf = (version) => `/offline/${version}.json`;

/** A file of vendor/ carries its own version in its name: an older release's copy will do. @param {string} address @returns {Promise<Response | undefined>} */
async function had(address) {
  const name = /\/vendor\/[^/]+$/.exec(address)?.[0];
  if (!name) return undefined;
  for (const key of await caches.keys()) {
    if (!key.startsWith(PREFIX)) continue;
    const cache = await caches.open(key);
    for (const request of await cache.keys()) if (request.url.endsWith(name)) return cache.match(request);
  }
  return undefined;
}

/** @param {Cache} cache @param {string} address */
async function bring(cache, address) {
  const answer = (await had(address)) ?? (await fetch(address, { cache: address.includes(`/v-${VERSION}/`) ? "default" : "no-cache" }));
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await cache.put(address, answer);
}

/** Fetches everything of this release. Throws, and keeps nothing, if anything is missing. */
export async function fetchAll() {
  const name = cacheOf(VERSION);
  try {
    const cache = await caches.open(name);
    const answer = await fetch(shellOf(VERSION));
    if (!answer.ok) throw new Error(`release ${VERSION}: ${answer.status}`);
    const said = await answer.clone().json();
    await Promise.all([...said.files, said.wasm].map((/** @type {string} */ address) => bring(cache, address)));
    // What says that the release is whole comes last.
    await cache.put(shellOf(VERSION), answer);
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
}

/**
 * Templates, words and headers of this release, with the code that renders.
 * @returns {Promise<import("./answer.js").Release & {max_bytes: number}>}
 */
export async function shell() {
  const cache = await caches.open(cacheOf(VERSION));
  const kept = await cache.match(shellOf(VERSION));
  if (!kept) await fetchAll();
  const said = await (kept ?? /** @type {Response} */ (await cache.match(shellOf(VERSION)))).json();
  const wasm = await cache.match(said.wasm);
  return { ...said, wasm: wasm ?? said.wasm };
}

/** A file of a release, from the device; of another release, from where that one is kept, or from the network. @param {Request} request @returns {Promise<Response>} */
export async function file(request) {
  const own = await (await caches.open(cacheOf(VERSION))).match(request.url);
  return own ?? (await caches.match(request.url)) ?? fetch(request);
}

/** Asks every open page which release it is of. @returns {Promise<Set<string> | null>} null: one did not say */
async function shown() {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const ask = (/** @type {Client} */ client) =>
    new Promise((/** @type {(version: string | null) => void} */ resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => resolve(String(event.data));
      setTimeout(() => resolve(null), ANSWER_MS);
      client.postMessage({ type: "version" }, [port2]);
    });
  const said = await Promise.all(windows.map(ask));
  return said.includes(null) ? null : new Set(/** @type {string[]} */ (said));
}

/** Deletes releases that no page shows any more; never the own one, and none while a newer one arrives. */
export async function tidy() {
  if (worker.registration.installing || worker.registration.waiting) return;
  const old = (await caches.keys()).filter((key) => key.startsWith(PREFIX) && key !== cacheOf(VERSION));
  if (!old.length) return;
  const versions = await shown();
  if (versions) await Promise.all(old.filter((key) => !versions.has(key.slice(PREFIX.length))).map((key) => caches.delete(key)));
}
