// GET /tasks/bin: what was put away. A replica has no such tasks: the server shows them; without it, those that wait to be put away.
import { binContext } from "../../show/lists.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function bin({ view, days, online }) {
  if (online) return null;
  /** @type {Map<string, string>} */
  const binned = new Map();
  for (const entry of view.entries()) {
    if (entry.state === "rejected" || !entry.task) continue;
    if (entry.name === "task.bin") binned.set(entry.task, entry.at);
    else if (entry.name === "task.restore") binned.delete(entry.task);
  }
  const found = [...binned].flatMap(([id, at]) => {
    const task = view.stored("task", id);
    return task ? [{ task, at }] : [];
  });
  return { template: "shared/tasks/bin.html", context: binContext(found.reverse(), view, days), nav: "tasks" };
}
