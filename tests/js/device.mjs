// What the handlers of forms and pages stand on in Node: databases in memory, a desk, a sending that says what it is told to.
import "fake-indexeddb/auto";
import { learn } from "../../static/js/base/words.js";
import { filled, id, ME, NOW, OTHER, task } from "./replica.mjs";

if (!("navigator" in globalThis)) Object.defineProperty(globalThis, "navigator", { value: { onLine: true } });

/** Sentences as `key value value`, so that a test reads which one was said and with what. */
learn(new Proxy({}, { get: (_, key) => (typeof key === "string" ? `${key} {number}{percent}{count}{message}` : undefined), has: () => true }));

const { workingDays } = await import("../../static/js/show/calendar.js");
export const { tools } = await import("../../static/js/worker/forms/tools.js");
export const { handlerFor } = await import("../../static/js/worker/routes.js");

const PERSON = { username: "a", name: "Trần Bảo Kha", position: "head", title: "Trưởng phòng", initials: "BK", unit: null, rank: 1, active: true };
const CAN = { progress: true, submit: true, comment: true, review: true, edit: true, assign: true, bin: true, check: true };
export const FULL = {
  quantity: 1, kind: "planned", percent: 0, checklist: [], reviewable: [], reviewers: [], can: CAN, due_text: "", outside_leads: "", outside_partners: "",
  children: 0, lead_share: 1, lead_percent: 0, lead_state: "active", submitted_at: null, extension: null, start: null, no_due: null, handed_back_reason: "",
};
export const ROWS = [
  { kind: "person", id: ME, op: "put", data: { ...PERSON, may_assign: [OTHER], judges: true, nav: [] } },
  { kind: "person", id: OTHER, op: "put", data: { ...PERSON, name: "Nông Thị Quế Anh", rank: 2 } },
  task(1, FULL),
  task(2, FULL),
];

/** A device with these rows; `ask` gives the answer of one of its addresses as the worker would. @param {any[]} [rows] @param {{online?: boolean}} [how] */
export async function deviceWith(rows = ROWS, { online = false } = {}) {
  const { store } = await filled(rows);
  Object.assign(tools, { run: async () => ({}), settled: async () => null });
  /** @param {string} method @param {string} path @param {[string, any][]} [fields] */
  const ask = async (method, path, fields = []) => {
    const url = new URL(path, "https://so.example");
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    const request = new Request(url, method === "POST" ? { method, body } : {});
    const found = handlerFor(url, method);
    if (!found) return "server";
    const view = await store.view({ now: NOW, needs: found.needs });
    const desk = { url, request, view, store, days: workingDays(view), htmx: false, target: "", online, maxBytes: 25e6, csrf: "t", client: "c" };
    return found.handler(/** @type {any} */ (desk), ...found.names);
  };
  const get = (/** @type {string} */ path) => ask("GET", path);
  const post = (/** @type {string} */ path, /** @type {Record<string, any> | [string, any][]} */ fields = {}) => ask("POST", path, Array.isArray(fields) ? fields : Object.entries(fields));
  return { store, get, post, entries: () => store.entries() };
}

/** The server answers everything so. @param {any} store @param {(entry: any) => {status: "applied" | "rejected", code?: string, message?: string, data?: any}} answer */
export function answers(store, answer) {
  Object.assign(tools, {
    run: async () => {
      for (const entry of await store.entries()) {
        if (entry.state !== "waiting") continue;
        const [sent] = await store.markSending([entry.n]);
        await store.markAnswered({ seq: sent.seq, id: sent.id, ...answer(sent) });
      }
    },
    settled: async (/** @type {any} */ _, /** @type {string} */ which) => {
      await tools.run(store);
      return (await store.entries()).find((entry) => entry.id === which) ?? null;
    },
  });
}

export { id, ME, OTHER };
