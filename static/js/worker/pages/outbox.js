// /outbox, Chờ gửi: what this device has not sent yet, and what can be done about it.
import { say } from "../../base/words.js";
import { TooLate } from "../../replica/errors.js";
import { fileSize, moment } from "../../show/values.js";
import { check } from "../forms/checks.js";
import { readForm } from "../forms/form.js";
import { notice, refusedFor, start } from "../forms/save.js";
import { tools } from "../forms/tools.js";
import { discardOthers, others } from "../who.js";
import { aboutOf, changedArgs, fieldsOf, filesOfEntry, rowsOf, whenOf } from "./entries.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** What a form of the page was refused for. @typedef {{n: number, field: string, message: string, values: Record<string, string>}} Problem */

/** How long the button "Gửi ngay" waits before the page comes back. */
const SEND_MS = 8000;
/** More than this stays folded, so that a long queue can be looked over. */
const OPEN_ENTRIES = 5;

/** @param {Desk} desk */
export async function deviceOf({ store, view, online }) {
  const { waiting, sending, rejected } = await store.counts();
  const pulled = (await store.db.state.get("pulled_at"))?.value;
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null);
  const persisted = await globalThis.navigator?.storage?.persisted?.().catch(() => null);
  return {
    online,
    waiting,
    sending,
    refused: rejected,
    pulled: pulled ? say("offline.pulled", { when: moment(pulled, view.now) }) : "",
    storage: estimate?.usage === undefined ? "" : fileSize(estimate.usage),
    persisted: persisted ?? null,
  };
}

/** @param {Entry} entry @returns {string} */
function stateOf(entry) {
  if (entry.state === "sending") return say("offline.state_sending");
  return entry.attempts ? say("offline.state_tried", { count: entry.attempts }) : say("offline.state_waiting");
}

/** @param {Entry} entry @param {Desk} desk @param {Problem | null} problem @param {boolean} folds */
async function shown(entry, { store, view }, problem, folds) {
  const unsent = entry.state === "waiting" && entry.seq === null;
  return {
    n: entry.n,
    label: entry.label,
    when: whenOf(entry, view),
    task: aboutOf(entry, view),
    chip: unsent ? { kind: "wait", icon: "clock", label: say("offline.chip_waiting") } : { kind: "doing", icon: "upload", label: say("offline.chip_sending") },
    state: stateOf(entry),
    rows: rowsOf(entry, view),
    files: await filesOfEntry(entry, store),
    folds,
    can_change: unsent,
    can_take_back: unsent,
    can_retry: !unsent || entry.attempts > 0,
    fields: unsent ? fieldsOf(entry, problem?.n === entry.n ? problem.values : {}) : [],
  };
}

/**
 * The page; with what a form of it was refused for, or with the question whether more may go.
 * @param {Desk} desk
 * @param {{problem?: Problem | null, ask?: {n: number, label: string, others: string[]} | null, status?: number}} [more]
 * @returns {Promise<Given>}
 */
async function showOutbox(desk, { problem = null, ask = null, status = 200 } = {}) {
  const waiting = desk.view.entries().filter((entry) => entry.state !== "rejected");
  const context = {
    device: await deviceOf(desk),
    entries: await Promise.all(waiting.map((entry) => shown(entry, desk, problem, waiting.length > OPEN_ENTRIES))),
    ask,
    others: (await others(desk.view.person)).count,
    problem: problem ?? { n: 0, field: "", message: "" },
  };
  return { template: "shared/offline/outbox.html", context, nav: "outbox", status };
}

/** @param {Desk} desk @returns {Promise<Given>} */
export const outbox = (desk) => showOutbox(desk);

/** @param {string} text @param {string} [kind] @returns {Given} */
const back = (text, kind = "info") => ({ to: "/outbox", notice: notice(text, kind) });

/** Does it unless the entry has left meanwhile. @param {() => Promise<Given>} act @returns {Promise<Given>} */
async function inTime(act) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof TooLate) return back(say("offline.too_late"), "warning");
    throw error;
  }
}

/** @param {Desk} desk @returns {Promise<Given>} */
export async function outboxSend(desk) {
  await Promise.race([tools.run(desk.store, "button"), new Promise((done) => setTimeout(done, SEND_MS))]);
  const { waiting, sending, rejected } = await desk.store.counts();
  if (waiting + sending) return back(say("offline.still_waiting", { count: waiting + sending }), "warning");
  if (rejected) return { to: "/conflicts" };
  return back(say("offline.all_sent"), "success");
}

/** @param {Desk} desk @param {string} n @returns {Promise<Given>} */
export async function outboxRetry(desk, n) {
  const entry = await desk.store.entry(Number(n));
  if (!entry) return back(say("offline.too_late"), "warning");
  return outboxSend(desk);
}

/** @param {Desk} desk @param {string} n @returns {Promise<Given>} */
export async function outboxChange(desk, n) {
  const form = await readForm(desk.request);
  const entry = await desk.store.entry(Number(n));
  if (entry?.state !== "waiting") return back(say("offline.too_late"), "warning");
  return inTime(async () => {
    try {
      const args = changedArgs(entry, form);
      check(entry.name, args, desk.view);
      await desk.store.change(entry.n, args, { label: tools.labelOf(entry.name, args, desk.view) });
    } catch (error) {
      if (error instanceof TooLate) throw error;
      const { message, field, status } = refusedFor(error);
      return showOutbox(desk, { problem: { n: entry.n, field, message, values: form.values }, status });
    }
    start(desk);
    return back(say("offline.changed"), "success");
  });
}

/** What hangs on it goes along, after asking. @param {Desk} desk @param {string} n @returns {Promise<Given>} */
export async function outboxTakeBack(desk, n) {
  const form = await readForm(desk.request);
  const [entry, ...more] = await desk.store.hanging(Number(n));
  if (!entry) return back(say("offline.too_late"), "warning");
  if (more.length && !form.checked("sure")) return showOutbox(desk, { ask: { n: entry.n, label: entry.label, others: more.map((one) => one.label) } });
  return inTime(async () => {
    const went = await desk.store.takeBack(entry.n);
    return back(went.length > 1 ? say("offline.taken_back_many", { count: went.length }) : say("offline.taken_back"));
  });
}

/** @param {Desk} desk @returns {Promise<Given>} */
export async function outboxDiscardOthers(desk) {
  const form = await readForm(desk.request);
  if (!form.checked("sure")) return { to: "/outbox" };
  await discardOthers(desk.view.person);
  return back(say("offline.others_discarded"));
}
