// A task in a list: the mirror of server/tasks/show/cards.py.
import { say } from "../base/words.js";
import { riskMark } from "./marks.js";
import { CLOSED, chip, day, dueText, isOverdue, person } from "./values.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */
/** @typedef {{query?: string, role?: string, why?: string, percent?: number}} Beside */

/** @param {any} task @returns {string} what people say aloud; of a task that waits to be sent, that it has no number yet */
export const numberOf = (task) => task.number || say("tasks.show.no_number_yet");

/**
 * Whether a task is overdue, its chip and the words beside it.
 * @param {any} task
 * @param {string} today
 * @param {WorkingDays} days
 */
function stateOf(task, today, days) {
  const late = isOverdue(task.status, task.due, today);
  const shown = chip(task.status, task.due, task.no_due, today, days, late);
  let label = CLOSED.includes(task.status) ? "" : dueText(task.due, task.no_due, today, days);
  const waitsLate = !late && task.due && task.due < today && label;
  // The chip says how long already, or a result waits in time: the day itself is what is left to know.
  if (waitsLate || label.toLowerCase() === shown.label.toLowerCase()) label = say("tasks.due.on", { day: day(task.due) });
  return { late, shown, label };
}

/** @param {any} task @returns {{icon: string, label: string}[]} */
function flagsOf(task) {
  const flags = [];
  if (task.handed_back) flags.push({ icon: "return", label: say("tasks.show.handed_back") });
  if (task.children) flags.push({ icon: "tree", label: say("tasks.show.children", { count: task.children }) });
  if (task.waits) flags.push({ icon: "send", label: say("tasks.show.waits_to_send") });
  return flags;
}

/**
 * The context of `task_card`; `query` is what the list was filtered by, kept in the link; `percent` is shown in place of the task's own.
 * @param {any} task as `View` has it
 * @param {View} view
 * @param {WorkingDays} days
 * @param {Beside} [beside]
 */
export function card(task, view, days, { query = "", role = "", why = "", percent = task.percent } = {}) {
  const { late, shown, label } = stateOf(task, view.today, days);
  return {
    id: task.id,
    number: numberOf(task),
    title: task.title,
    href: `/tasks/${task.id}${query ? `?${query}` : ""}`,
    chip: shown,
    due_label: label,
    percent,
    lead: person(view, task.lead),
    role,
    why,
    priority_label: task.priority === "normal" ? "" : say(`tasks.priority.${task.priority}`),
    overdue: late,
    flags: flagsOf(task),
    risk: riskMark(task, view),
  };
}
