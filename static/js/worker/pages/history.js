// The older part of a task's timeline: the mirror of `history` in server/tasks/pages/one.py.
import { entry, part } from "../../show/timeline.js";
import { param } from "../asked.js";
import { taskOf } from "./task.js";

/** @param {import("../desk.js").Desk} desk @param {string} name @returns {Promise<import("../desk.js").Shown | null>} */
export async function history(desk, name) {
  const task = await taskOf(desk, name);
  const before = param(desk.url, "before");
  // What is no number is the server's to refuse.
  if (!task || !/^\d{1,15}$/.test(before)) return null;
  const { shown, more } = part(desk.view, task.id, Number(before) || Number.MAX_SAFE_INTEGER);
  const context = { history: shown.map((one) => entry(desk.view, one)), history_more: more };
  if (desk.htmx) return { template: "shared/tasks/history.html", context, part: true };
  return { template: "shared/tasks/history_page.html", context: { ...context, back: `/tasks/${task.id}` }, nav: "tasks" };
}
