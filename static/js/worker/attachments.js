// Attachments on the device: those that wait to be sent, and copies of those that were looked at.

/** @typedef {import("../replica/store.js").Store} Store */

const PREFIX = "soviec-files-";
/** Copies that a person has at most; the one that was not looked at for longest goes first. */
const KEPT = 200;
/** A larger file is not worth its room on a phone. */
const LARGEST = 10 * 1024 * 1024;
const PATH = /^\/files\/([0-9a-f]{64})(\/thumb)?$/;
/** Nothing of a file may run, whatever it says it is. */
const GUARD = { "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store" };

/** @param {string} person @returns {string} */
const cacheOf = (person) => PREFIX + person;

/** @param {URL} url @returns {boolean} whether a file is asked for */
export const isFile = (url) => PATH.test(url.pathname);

/** What was looked at since the worker started, so that a page with thirty pictures does not write thirty times. */
const touched = new Set();

/** @param {Cache} cache @param {string} address @param {Response} answer */
async function keep(cache, address, answer) {
  await cache.put(address, answer);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - KEPT))) await cache.delete(old);
}

/**
 * The piece of a file that a `Range` asks for; the whole where the range is none.
 * @param {Blob} blob
 * @param {string | null} range
 * @param {Record<string, string>} headers
 * @returns {Response}
 */
function piece(blob, range, headers) {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (!found || (!found[1] && !found[2])) return new Response(blob, { headers: { ...headers, "Accept-Ranges": "bytes" } });
  const first = found[1] ? Number(found[1]) : Math.max(0, blob.size - Number(found[2]));
  const last = found[1] && found[2] ? Math.min(Number(found[2]), blob.size - 1) : blob.size - 1;
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${blob.size}` } });
  const said = { ...headers, "Content-Range": `bytes ${first}-${last}/${blob.size}`, "Accept-Ranges": "bytes" };
  return new Response(blob.slice(first, last + 1), { status: 206, headers: said });
}

/**
 * A file that waits to be sent. Pictures are shown, anything else is saved.
 * @param {Store} store
 * @param {Request} request
 * @param {string} sha256
 * @returns {Promise<Response | null>}
 */
async function waiting(store, request, sha256) {
  const found = await store.blob(sha256);
  if (!found) return null;
  const shown = found.type.startsWith("image/") && found.type !== "image/svg+xml";
  const name = `${shown ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(found.name)}`;
  return piece(found.blob, request.headers.get("Range"), { ...GUARD, "Content-Type": found.type, "Content-Disposition": name });
}

/**
 * A file for this person: waiting, kept, or from the server (and then kept). Throws where there is no network and no copy.
 * @param {Store} store
 * @param {Request} request
 * @param {(work: Promise<unknown>) => void} later what may go on after the answer
 * @returns {Promise<Response>}
 */
export async function attachment(store, request, later) {
  const url = new URL(request.url);
  const sha256 = PATH.exec(url.pathname)?.[1] ?? "";
  const here = await waiting(store, request, sha256);
  if (here) return here;
  const cache = await caches.open(cacheOf(store.person));
  const address = url.pathname + url.search;
  const kept = await cache.match(address);
  if (kept) {
    if (!touched.has(address)) later(keep(cache, address, kept.clone()));
    touched.add(address);
    const range = request.headers.get("Range");
    return range ? piece(await kept.blob(), range, Object.fromEntries(kept.headers)) : kept;
  }
  const answer = await fetch(request);
  const size = Number(answer.headers.get("Content-Length") ?? 0);
  if (answer.status === 200 && !answer.redirected && size <= LARGEST) later(keep(cache, address, answer.clone()));
  return answer;
}

/** Deletes copies of files that the person may not see any more. @param {Store} store */
export async function purge(store) {
  const gone = await store.toPurge();
  if (!gone.length) return;
  if (gone.includes("*")) await forgetFiles(store.person);
  else {
    const cache = await caches.open(cacheOf(store.person));
    for (const key of await cache.keys()) if (gone.includes(PATH.exec(new URL(key.url).pathname)?.[1] ?? "")) await cache.delete(key);
  }
  await store.purged(gone);
}

/** Deletes every copy of this person's files. @param {string} person */
export async function forgetFiles(person) {
  touched.clear();
  await caches.delete(cacheOf(person));
}
