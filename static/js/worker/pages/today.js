// GET /: what presses, and nothing else.
import { todayContext } from "../../show/today.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function today({ view, days }) {
  if (view.me.position === "admin") return { to: "/people" };
  await view.need("mine");
  const context = todayContext(view, days);
  return { template: "shared/tasks/today.html", context, nav: "today", badges: { reviews: context.decisions } };
}
