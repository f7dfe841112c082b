// GET /tasks/alike: a warning when a new title looks like an open task's.
import { alike as found } from "../../replica/search.js";
import { numberOf } from "../../show/cards.js";
import { firstOf, param } from "../asked.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function alike({ url, view }) {
  await view.need("open", "words");
  const some = found(view, firstOf(param(url, "title"), 1000));
  const shown = some.map((one) => ({ number: numberOf(one), title: one.title, href: `/tasks/${one.id}` }));
  return { template: "shared/tasks/alike.html", context: { alike: shown }, part: true };
}
