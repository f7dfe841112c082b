// Copies of report pages that were looked at: each person's own, of this release alone, the last ones.

/** This release, as the address of this script says it (release.js; not imported, for that one runs in a worker alone). */
const VERSION = /\/v-([^/]+)\//.exec(new URL(import.meta.url).pathname)?.[1] ?? "";
const PREFIX = "soviec-reports-";
/** Copies that a person has at most; the one that was not looked at for longest goes first. */
const KEPT = 12;
const AT = "Soviec-Kept-At";
const TITLE = "Soviec-Kept-Title";

/** @param {string} person @returns {string} */
const cacheOf = (person) => `${PREFIX}${VERSION}-${person}`;

/** @param {string} path @returns {boolean} whether copies of pages of this address are kept */
export const isKept = (path) => path === "/reports" || path === "/reports/tasks";

/** The address under which a page is kept: in whatever order the names stand, and without those that say nothing. @param {URL} url @returns {string} */
export function addressOf(url) {
  const pairs = [...url.searchParams].filter(([, value]) => value).sort(([one], [other]) => (one < other ? -1 : 1));
  const query = new URLSearchParams(pairs).toString();
  return url.pathname + (query && `?${query}`);
}

/**
 * Keeps a page.
 * @param {string} person
 * @param {string} address
 * @param {string} text
 * @param {string} title
 */
export async function keep(person, address, text, title) {
  const cache = await caches.open(cacheOf(person));
  // Anew, so that it stands last.
  await cache.delete(address);
  const headers = { "Content-Type": "text/html; charset=utf-8", [AT]: new Date().toISOString(), [TITLE]: encodeURIComponent(title) };
  await cache.put(address, new Response(text, { headers }));
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - KEPT))) await cache.delete(old);
}

/** The copy of a page, and when it was looked at. @param {string} person @param {string} address @returns {Promise<{text: string, at: Date} | null>} */
export async function copyOf(person, address) {
  const name = cacheOf(person);
  if (!(await caches.has(name))) return null;
  const found = await (await caches.open(name)).match(address);
  return found ? { text: await found.text(), at: new Date(found.headers.get(AT) ?? 0) } : null;
}

/** What can be opened without a network, the last one looked at first. @param {string} person @returns {Promise<{href: string, title: string, at: Date}[]>} */
export async function kept(person) {
  const name = cacheOf(person);
  if (!(await caches.has(name))) return [];
  const cache = await caches.open(name);
  const found = [];
  for (const key of await cache.keys()) {
    const { pathname, search } = new URL(key.url);
    const headers = (await cache.match(key))?.headers;
    const title = decodeURIComponent(headers?.get(TITLE) ?? "");
    found.push({ href: pathname + search, title, at: new Date(headers?.get(AT) ?? 0) });
  }
  return found.reverse();
}

/** Deletes all copies but those that `stays` says. @param {(name: string) => boolean} stays */
async function drop(stays) {
  // Where this runs without a browser there are none.
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && !stays(name)).map((name) => caches.delete(name)));
}

/** Deletes the copies of everybody, or of everybody but one. @param {string} [but] */
export const forgetKept = (but = "") => drop((name) => but !== "" && name === cacheOf(but));

/** Deletes the copies of other releases: their pages want files that go. */
export const tidyKept = () => drop((name) => name.startsWith(`${PREFIX}${VERSION}-`));
