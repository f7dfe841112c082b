// GET /tasks/filter: the form of all filters: a page, or the form alone where it opens above the list.
import { filterContext } from "../../show/lists.js";
import { badgesOf } from "../../show/waiting.js";
import { filtersOf } from "../asked.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function filter({ url, view, htmx, target }) {
  const context = filterContext(filtersOf(url), view);
  if (htmx && target === "narrow") return { template: "shared/tasks/narrow.html", context: { ...context, in_place: true }, part: true };
  await view.need("open");
  return { template: "shared/tasks/filter.html", context: { ...context, in_place: false }, nav: "tasks", badges: badgesOf(view) };
}
