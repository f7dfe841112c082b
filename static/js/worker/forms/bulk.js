// POST /tasks/bulk: one change of many tasks, each an entry of its own, as `bulk` in server/tasks/pages/bulk.py.
import { say } from "../../base/words.js";
import { TooLate } from "../../replica/errors.js";
import { localPath } from "../asked.js";
import { askBulk, chosenOf } from "../pages/bulk.js";
import { unclaimed } from "./claims.js";
import { readForm } from "./form.js";
import { keep, notice, outcomes, refusedFor } from "./save.js";
import { bulkOf } from "./whole.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../../base/types.js").Entry} Entry */

/** Letters of what was refused that a notice shows. */
const WHY_LENGTH = 600;

/** @param {Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function bulkSend(desk) {
  const form = await readForm(desk.request);
  const tasks = chosenOf(form.many("task"));
  const back = localPath(form.text("next"), "/tasks");
  const asked = { tasks, what: form.text("what"), back, values: form.values };
  await desk.view.need("tasks");
  /** @type {Entry[]} */
  const kept = [];
  try {
    const make = bulkOf(form);
    if (!tasks.length) return askBulk(desk, asked);
    for (const task of tasks) kept.push(await keep(desk, make(task), { form: form.kept }));
  } catch (error) {
    // All or nothing: what was kept before the device was full goes again, nothing of it has been sent.
    for (const entry of kept) await takeBack(desk, entry);
    const { message, field, status } = refusedFor(error);
    return askBulk(desk, { ...asked, errors: { [field || "reason"]: message }, status });
  }
  return { to: back, notice: said(await outcomes(desk, kept)) };
}

/** What another tab has begun to send meanwhile stays, and is seen where it waits. @param {Desk} desk @param {Entry} entry */
async function takeBack(desk, entry) {
  try {
    await desk.store.takeBack(entry.n);
    unclaimed(desk, entry);
  } catch (error) {
    if (!(error instanceof TooLate)) throw error;
  }
}

/** @param {Entry[]} entries @returns {import("../desk.js").Notice} */
function said(entries) {
  const refused = entries.filter((entry) => entry.state === "rejected");
  const done = entries.filter((entry) => entry.state === "applied").length;
  const waiting = entries.length - refused.length - done;
  if (refused.length) {
    const why = [...new Set(refused.map((entry) => entry.message))].join(" ").slice(0, WHY_LENGTH);
    return notice(say("tasks.done.bulk_some", { done: done + waiting, failed: refused.length, why }), "warning");
  }
  if (waiting) return notice(say("offline.saved_many", { count: entries.length }), "info");
  return notice(say("tasks.done.bulk", { done }));
}
