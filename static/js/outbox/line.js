// One conversation with the server: who is signed in, the token of writes, time-outs, and what an answer means for whoever sends.
import { OtherPerson, SignedOut, Unreachable } from "../replica/errors.js";

/** @typedef {{fetch: typeof globalThis.fetch, random?: () => number, now?: () => number}} Means */

export const SESSION = "/api/v1/session";
export const PUSH_MS = 30_000;
export const PIECE_MS = 60_000;
const LEAST_WAIT_MS = 2_000;
const MOST_WAIT_MS = 5 * 60_000;

/** How large what is sent at once may be; halved where a line is too slow for it, and kept for the next time. */
export class Sizes {
  /** Entries of a push. */
  batch = 100;
  /** Bytes of a push; the server takes eight million. */
  bytes = 4_000_000;
  /** Bytes of a piece of a file. */
  piece = 512 * 1024;
}

/**
 * How long to wait before the next attempt: longer each time, never the same for all devices, at least what the server asks for.
 * @param {number} failures in a row, this one counted
 * @param {{random?: () => number, retryAfter?: number}} [given] `retryAfter` in seconds
 * @returns {number} ms
 */
export function backOff(failures, { random = Math.random, retryAfter = 0 } = {}) {
  const longest = Math.min(MOST_WAIT_MS, LEAST_WAIT_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 20));
  return Math.max(Math.round(longest * (0.5 + random() / 2)), retryAfter * 1000);
}

/** Seconds, or the moment of a date. @param {Response} response @param {number} now @returns {number} in seconds, 0 where nothing was said */
function retryAfter(response, now) {
  const said = response.headers.get("Retry-After") ?? "";
  if (/^\d{1,9}$/.test(said.trim())) return Number(said);
  const at = Date.parse(said);
  return Number.isNaN(at) ? 0 : Math.max(0, Math.ceil((at - now) / 1000));
}

/** The request took longer than it may: the line is there, but slow. */
export class TimedOut extends Unreachable {
  name = "TimedOut";
}

export class Line {
  #token = "";

  /** @param {string} person whose work is sent @param {Means} means @param {Sizes} sizes */
  constructor(person, { fetch, now = Date.now }, sizes = new Sizes()) {
    this.person = person;
    this.fetch = fetch;
    this.now = now;
    this.sizes = sizes;
  }

  /**
   * Asks who is signed in, for the token of writes: shows as well whether there is a network.
   * @throws {SignedOut | OtherPerson | Unreachable}
   */
  async open() {
    const response = await this.#ask(SESSION, {}, PUSH_MS);
    if (!response.ok) throw this.unreachable(response);
    const said = await jsonOf(response);
    if (typeof said?.csrf_token !== "string" || typeof said.person?.id !== "string") throw new Unreachable(0);
    if (said.person.id !== this.person) throw new OtherPerson("somebody else is signed in");
    this.#token = said.csrf_token;
  }

  /**
   * A request as this person. A token that does not hold any more is fetched anew, once.
   * @param {string} path
   * @param {RequestInit & {headers?: Record<string, string>}} init
   * @param {number} ms how long it may take
   * @returns {Promise<Response>} any answer but 401, 403, 429 and 5xx
   * @throws {SignedOut | OtherPerson | Unreachable}
   */
  async ask(path, init, ms) {
    let response = await this.#ask(path, init, ms);
    if (response.status === 403) {
      await this.open();
      response = await this.#ask(path, init, ms);
    }
    if (response.status === 403 || response.status === 408 || response.status === 429 || response.status >= 500) throw this.unreachable(response);
    return response;
  }

  /** @param {Response} response @returns {Unreachable} */
  unreachable(response) {
    return new Unreachable(response.status, retryAfter(response, this.now()));
  }

  /** @param {string} path @param {RequestInit & {headers?: Record<string, string>}} init @param {number} ms @returns {Promise<Response>} */
  async #ask(path, init, ms) {
    const writes = init.method !== undefined && init.method !== "HEAD";
    const headers = { Accept: "application/json", ...init.headers, ...(writes ? { "X-CSRF-Token": this.#token } : {}) };
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ms);
    /** @type {Response} */
    let response;
    try {
      const given = await this.fetch(path, { ...init, headers, signal: stop.signal, credentials: "same-origin", cache: "no-store", redirect: "error" });
      // The body belongs to the time: a line that breaks in the middle of an answer has told nothing.
      const empty = init.method === "HEAD" || [204, 205, 304].includes(given.status);
      const body = empty ? null : await given.arrayBuffer();
      response = new Response(body, { status: given.status, headers: given.headers });
    } catch (error) {
      const wrong = stop.signal.aborted ? new TimedOut(0) : new Unreachable(0);
      throw Object.assign(wrong, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    if (response.status === 401) throw new SignedOut("the session is over");
    const whom = response.headers.get("Soviec-Person");
    if (whom && whom !== this.person) throw new OtherPerson("the server answers somebody else");
    return response;
  }
}

/** @param {Response} response @returns {Promise<any>} null for what is no JSON */
export const jsonOf = (response) => response.json().catch(() => null);
