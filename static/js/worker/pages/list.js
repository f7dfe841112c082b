// GET /tasks: the list, with its filters in the address.
import { listed, needsOf } from "../../replica/search.js";
import { listContext } from "../../show/lists.js";
import { badgesOf } from "../../show/waiting.js";
import { filtersOf } from "../asked.js";

/**
 * The context of the list pane.
 * @param {import("../desk.js").Desk} desk
 * @param {string} [current] the task that is open beside it
 */
export async function listOf({ url, view, days }, current = "") {
  const filters = filtersOf(url);
  await view.need("open", ...needsOf(filters));
  return listContext(listed(view, filters), filters, view, days, current);
}

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function list(desk) {
  const context = { ...(await listOf(desk)), shows: "list", assigns: desk.view.me.may_assign.length > 0 };
  return { template: "shared/tasks/list.html", context, nav: "tasks", badges: badgesOf(desk.view) };
}
