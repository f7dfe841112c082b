// GET /tasks/bulk: what is to change of the tasks that the address names.
import { isId } from "../../base/ids.js";
import { say } from "../../base/words.js";
import { strip } from "../../replica/numbers.js";
import { bulkContext } from "../../show/bulk.js";
import { byDue } from "../../show/today.js";
import { badgesOf } from "../../show/waiting.js";
import { localPath, pairsOf } from "../asked.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */

/** As many as are changed at once. */
const BULK_LIMIT = 200;

/** The tasks that a form names, each once. @param {string[]} given @returns {string[]} */
export const chosenOf = (given) => [...new Set(given.filter(isId))].slice(0, BULK_LIMIT);

/**
 * The page, with what had been entered and why it was refused; back to the list where no task of it may be seen.
 * @param {Desk} desk
 * @param {{tasks: string[], what: string, back: string, values?: Record<string, string>, errors?: Record<string, string>, status?: number}} asked
 * @returns {Promise<Given>}
 */
export async function askBulk({ view }, { tasks, what, back, values = {}, errors = {}, status = 200 }) {
  await view.need("tasks");
  const found = chosenOf(tasks).flatMap((id) => view.get("task", id) ?? []);
  if (!found.length) return { to: back, notice: { text: say("tasks.done.bulk_none"), kind: "warning", undo: null } };
  found.sort(byDue);
  const context = bulkContext(what === "assign" ? "assign" : "due", found, view, back, values, errors);
  return { template: "shared/tasks/bulk_page.html", context, nav: "tasks", badges: badgesOf(view), status };
}

/** @param {Desk} desk @returns {Promise<Given>} */
export async function bulk(desk) {
  const pairs = pairsOf(desk.url).map(([name, value]) => [name, strip(value.replaceAll("\r\n", "\n"))]);
  const all = (/** @type {string} */ name) => pairs.flatMap(([key, value]) => (key === name && value ? [value] : []));
  const last = (/** @type {string} */ name) => pairs.findLast(([key]) => key === name)?.[1] ?? "";
  return askBulk(desk, { tasks: all("task"), what: last("what"), back: localPath(last("next"), "/tasks") });
}
