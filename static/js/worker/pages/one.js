// A task's page: the mirror of server/tasks/pages/one.py.
import { newId } from "../../base/ids.js";
import { queryOf } from "../../show/lists.js";
import { MOVES, taskContext } from "../../show/one.js";
import { showsForm } from "../../show/standing.js";
import { suggestions } from "../../show/suggestion.js";
import { badgesOf } from "../../show/waiting.js";
import { filtersOf } from "../asked.js";
import { taskOf } from "./task.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Shown} Shown */
/** What a form of the page was refused for, with what had been entered. @typedef {{move: string, message: string, field: string, values: Record<string, any>}} Problem */

/** @param {Desk} desk @param {string} name @returns {Promise<Shown | null>} */
export const one = (desk, name) => showTask(desk, name);

/**
 * The page of a task, or its detail pane alone where only that was asked for. Null without the task.
 * @param {Desk} desk
 * @param {string} name an identifier or a number
 * @param {{problem?: Problem | null, status?: number}} [refused]
 * @returns {Promise<Shown | null>}
 */
export async function showTask(desk, name, { problem = null, status = 200 } = {}) {
  const task = await taskOf(desk, name);
  if (!task) return null;
  const said = problem ?? { move: "", message: "", field: "", values: {} };
  const shown = taskContext(desk.view, task, desk.days, queryOf(filtersOf(desk.url), { start: 0 }));
  const context = {
    ...shown,
    shows: "detail",
    suggestions: suggestions(desk.view, task),
    mutation: Object.fromEntries([...MOVES, "item", "status"].map((move) => [move, newId()])),
    problem: said,
    problem_shown: showsForm(said.move, said.values, shown),
    max_bytes: desk.maxBytes,
    max_label: `${Math.floor(desk.maxBytes / 1024 / 1024)} MB`,
  };
  if (desk.target === "detail") return { template: "shared/tasks/detail.html", context, status, part: true };
  return { template: "shared/tasks/task.html", context, nav: "tasks", status, badges: badgesOf(desk.view) };
}
