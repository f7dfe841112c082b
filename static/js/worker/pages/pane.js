// GET /tasks/pane: the list alone, for the left pane of a task's page on a wide screen.
import { param } from "../asked.js";
import { listOf } from "./list.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function pane(desk) {
  return { template: "shared/tasks/pane.html", context: await listOf(desk, param(desk.url, "current")), part: true };
}
