// The context of one change of many tasks: the mirror of server/tasks/show/bulk.py.
import { numberOf } from "./cards.js";
import { peopleGroups } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */

/**
 * `tasks` (number and title), `people` to assign to, `back` (the list), `values` entered before and `errors` by field.
 * @param {"assign" | "due"} what
 * @param {any[]} found
 * @param {View} view
 * @param {string} back
 * @param {Record<string, string>} values
 * @param {Record<string, string>} errors
 */
export function bulkContext(what, found, view, back, values, errors) {
  /** @type {Set<string>} */
  const mayAssign = new Set(what === "assign" ? view.me.may_assign : []);
  return {
    what,
    tasks: found.map((one) => ({ id: one.id, number: numberOf(one), title: one.title, href: `/tasks/${one.id}` })),
    people: peopleGroups(view.people().filter((one) => mayAssign.has(one.id)), view),
    today_iso: view.today,
    back,
    values,
    errors,
  };
}
