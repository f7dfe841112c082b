// What the form of filters lets choose from, and the choices that other forms share with it.
import { say } from "../base/words.js";
import { peopleGroups } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */
/** @typedef {{value: string, label: string}} Choice */

const STATUS = [
  "open", "overdue", "soon", "submitted", "in_progress", "not_started", "paused", "proposed", "completed", "cancelled", "declined", "all",
];
const WHOSE = ["all", "mine", "lead", "given", "room", "followed"];
const SORT = ["due", "new", "changed", "priority"];
const PRIORITY = ["normal", "urgent", "critical"];

/** The units that do work: everything below a centre. @param {View} view @returns {any[]} */
export const roomsOf = (view) => view.units().filter((one) => (one.kind === "room" || one.kind === "leadership") && one.active);

/** Fields of work as a choice, each with its group. @param {View} view @returns {(Choice & {group: string})[]} */
export const fieldOptions = (view) =>
  view
    .fields()
    .filter((one) => one.active)
    .map((one) => ({ value: one.id, label: one.name, group: one.group }));

/** Fields that follow each other in one group, together. @param {View} view */
function fieldGroups(view) {
  /** @type {{group: string, options: (Choice & {group: string})[]}[]} */
  const groups = [];
  for (const one of fieldOptions(view)) {
    const last = groups.at(-1);
    if (last && last.group === one.group) last.options.push(one);
    else groups.push({ group: one.group, options: [one] });
  }
  return groups;
}

/** The choices of the filter's form. @param {View} view */
export function choicesOf(view) {
  return {
    status: STATUS.map((value) => ({ value, label: say(`tasks.filter.${value}`) })),
    whose: WHOSE.map((value) => ({ value, label: say(`tasks.whose.${value}`) })),
    sort: SORT.map((value) => ({ value, label: say(`tasks.sort.${value}`) })),
    priority: PRIORITY.map((value) => ({ value, label: say(`tasks.priority.${value}`) })),
    units: roomsOf(view).map((one) => ({ value: one.id, label: one.name })),
    fields: fieldGroups(view),
    people: peopleGroups(view.people().filter((one) => one.active && one.position !== "admin"), view),
  };
}
