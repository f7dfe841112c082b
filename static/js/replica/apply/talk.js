// Remarks and following. The mirror of server/tasks/commands/talk.py.
import { filesOf, settle, taskOf } from "./facts.js";

/** @typedef {import("./index.js").Effect} Effect */

/** @type {Effect} */
export function comment(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  const mentions = [...new Set(args.mentions ?? [])].filter((one) => view.get("person", String(one)));
  view.put("comment", { id: args.id, task: args.task, person: entry.person, text: args.text.trim(), mentions, at: entry.at, seq: null, ...filesOf(entry) });
}

/** Whoever is on the task follows it already. @type {Effect} */
export function follow(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  const me = entry.person;
  const follows = task.followers.includes(me);
  const isOn = task.lead === me || task.collaborators.some((/** @type {any} */ one) => one.person === me);
  if (args.on === false ? !follows : follows || isOn) return;
  task.followers = args.on === false ? task.followers.filter((/** @type {string} */ one) => one !== me) : [...task.followers, me];
  settle(view, task, entry);
}
