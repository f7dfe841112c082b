// Brings the replica to what the server would show this person: docs/sync.md, Pull.
import { OtherPerson, SignedOut, Unreachable } from "./errors.js";
import { keep } from "./page.js";

/** @typedef {import("./db.js").Database} Database */
/** @typedef {{kind: string, id: string, op: "put" | "drop", data: any}} Change */
/** @typedef {{cursor: string, more: boolean, reset: boolean, changes: Change[], skew: number | null}} Page */

/**
 * @param {Database} db
 * @param {string} person
 * @param {{fetch: typeof globalThis.fetch, limit?: number}} given
 * @returns {Promise<{changed: boolean}>} whether rows or entries came or went
 */
export async function pull(db, person, { fetch, limit = 500 }) {
  // What was answered before this pull began is in what it brings; what is answered meanwhile may not be.
  const answered = await db.outbox.where("state").equals("applied").primaryKeys();
  let changed = false;
  for (;;) {
    const cursor = await cursorOf(db);
    const page = await ask(fetch, person, cursor, limit);
    const kept = await keep(db, cursor, page, answered);
    changed ||= kept.changed;
    if (kept.done) return { changed };
  }
}

/** Where to go on: in the copy that is being made, or after the last change. @param {Database} db @returns {Promise<string>} "" for the very beginning */
async function cursorOf(db) {
  const [making, cursor] = await db.state.bulkGet(["making", "cursor"]);
  return making?.value.cursor ?? cursor?.value ?? "";
}

/**
 * One page. Whatever is not certainly this server's answer to this person is none.
 * @param {typeof globalThis.fetch} fetch
 * @param {string} person
 * @param {string} cursor
 * @param {number} limit
 * @returns {Promise<Page>}
 */
async function ask(fetch, person, cursor, limit) {
  const query = new URLSearchParams(cursor ? { cursor, limit: String(limit) } : { limit: String(limit) });
  const began = Date.now();
  const response = await fetch(`/sync/pull?${query}`, { credentials: "same-origin", cache: "no-store", redirect: "error", headers: { Accept: "application/json" } }).catch(
    (error) => {
      throw Object.assign(new Unreachable(0), { cause: error });
    },
  );
  const heard = Date.now();
  if (response.status === 401) throw new SignedOut("the session is over");
  const whom = response.headers.get("Soviec-Person");
  if (whom && whom !== person) throw new OtherPerson("the server answers somebody else");
  if (!response.ok || !whom) throw new Unreachable(response.status, Number(response.headers.get("Retry-After")) || 0);
  const page = await response.json().catch(() => null);
  if (typeof page?.cursor !== "string" || !Array.isArray(page.changes)) throw new Unreachable(response.status);
  return { cursor: page.cursor, more: page.more === true, reset: page.reset === true, changes: page.changes, skew: skewOf(response, began, heard) };
}

/** The server's clock minus the device's, ms. The header has whole seconds: their middle is meant. @param {Response} response @param {number} began @param {number} heard @returns {number | null} */
function skewOf(response, began, heard) {
  const said = Date.parse(response.headers.get("Date") ?? "");
  return Number.isNaN(said) ? null : Math.round(said + 500 - (began + heard) / 2);
}
