// Chờ duyệt: the mirror of `reviews` in server/tasks/pages/lists.py.
import { newId } from "../../base/ids.js";
import { reviewsContext } from "../../show/reviews.js";
import { decisionsIn, waitingFor } from "../../show/waiting.js";
import { param } from "../asked.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Shown>} */
export async function reviews(desk) {
  await desk.view.need("submitted");
  const waiting = waitingFor(desk.view);
  const kind = param(desk.url, "kind");
  const start = param(desk.url, "start");
  const first = /^\d{1,4}$/.test(start) ? Math.min(Number(start), 1000) : 0;
  const context = reviewsContext(desk.view, waiting, desk.days, kind, first);
  for (const group of context.groups) for (const entry of group.entries) entry.mutation = newId();
  return { template: "shared/tasks/reviews.html", context, nav: "reviews", badges: { reviews: decisionsIn(waiting) } };
}
