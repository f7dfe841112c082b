// Ticking, adding and taking off lines of a task's checklist. The mirror of server/tasks/commands/talk.py.
import { happened, settle, taskOf } from "./facts.js";

/** @typedef {import("./index.js").Effect} Effect */

/** Ticking twice is ticking once. @type {Effect} */
export function setItem(view, entry, args) {
  const task = taskOf(view, entry);
  const item = task?.checklist.find((/** @type {any} */ one) => one.id === args.item);
  if (!item || item.done === args.done) return;
  Object.assign(item, { done: args.done, done_by: args.done ? entry.person : null, done_at: args.done ? entry.at : null });
  settle(view, task, entry);
  happened(view, entry, args.done ? "check" : "uncheck", { values: { item: item.text } });
}

/** @type {Effect} */
export function addItem(view, entry, args) {
  const task = taskOf(view, entry);
  const text = args.text.trim().replace(/\s+/g, " ");
  if (!task || !text) return;
  task.checklist.push({ id: args.id, text, done: false, done_by: null, done_at: null });
  settle(view, task, entry);
  happened(view, entry, "add_item", { values: { item: text } });
}

/** @type {Effect} */
export function removeItem(view, entry, args) {
  const task = taskOf(view, entry);
  const item = task?.checklist.find((/** @type {any} */ one) => one.id === args.item);
  if (!item) return;
  task.checklist = task.checklist.filter((/** @type {any} */ one) => one !== item);
  settle(view, task, entry);
  happened(view, entry, "remove_item", { values: { item: item.text } });
}
