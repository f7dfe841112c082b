// What the tests of the replica share: a small server in memory that is pulled from, rows, a store on a database of their own.
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { open } from "../../static/js/replica/store.js";

export const ME = "00000000-0000-7000-8000-0000000000aa";
export const OTHER = "00000000-0000-7000-8000-0000000000bb";
export const NOW = new Date("2026-11-23T01:15:00Z");

/** An identifier with this number. @param {number} number */
export const id = (number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;

/** A device: its databases outlive the stores that are opened on it. */
export class Device {
  indexedDB = new IDBFactory();

  /** @param {string} [person] */
  open(person = ME) {
    return open(person, { indexedDB: this.indexedDB, IDBKeyRange });
  }
}

/** A task as the server sends it. @param {number} number @param {any} [more] */
export const task = (number, more = {}) => ({
  kind: "task",
  id: id(number),
  op: "put",
  data: {
    number: `#26-${String(number).padStart(3, "0")}`,
    title: `Việc ${number}`,
    description: "",
    status: "in_progress",
    due: "2026-12-01",
    priority: "normal",
    unit: null,
    field: null,
    parent: null,
    lead: ME,
    collaborators: [],
    followers: [],
    assigner: OTHER,
    creator: OTHER,
    delegate: null,
    plan: null,
    product_text: "",
    source: null,
    files: [],
    attachments: [],
    changed_at: "2026-11-20T08:00:00.000+07:00",
    can: {},
    ...more,
  },
});

/** @param {string} kind @param {number} number @param {number} on @param {any} [more] */
export const hung = (kind, number, on, more = {}) => ({
  kind,
  id: id(number),
  op: "put",
  data: { task: id(on), person: ME, at: "2026-11-21T08:00:00.000+07:00", ...more },
});

/** @param {string} kind @param {string} one */
export const drop = (kind, one) => ({ kind, id: one, op: "drop" });

/**
 * A server that answers pulls with these pages, one after the other; then with quiet ones. A function among them is asked; an error is thrown.
 * @param {any[]} pages
 * @param {{person?: string, date?: string}} [said]
 */
export function server(pages, { person = ME, date = NOW.toUTCString() } = {}) {
  const asked = [];
  let count = 0;
  /** @type {any} */
  const fetch = async (/** @type {string} */ url) => {
    const query = new URL(url, "http://office").searchParams;
    asked.push(query.get("cursor") ?? "");
    let page = pages.shift() ?? {};
    if (typeof page === "function") page = await page(query);
    if (page instanceof Error) throw page;
    if (page instanceof Response) return page;
    const body = { cursor: `c${++count}`, more: false, reset: false, changes: [], ...page };
    return Response.json(body, { headers: { "Soviec-Person": person, Date: date } });
  };
  return { fetch, asked };
}

/** A store with these rows in it, as after a first copy. @param {any[]} changes @param {Device} [device] */
export async function filled(changes, device = new Device()) {
  const store = await device.open();
  await store.pull(server([{ changes }]));
  return { store, device };
}
