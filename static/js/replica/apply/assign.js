// Naming other people for a task. The mirror of server/tasks/commands/assign.py.
import { say } from "../../base/words.js";
import { happened, nameOf, settle, taskOf } from "./facts.js";
import { namePeople } from "./people.js";

/** @typedef {import("./index.js").Effect} Effect */
/** @typedef {import("../view.js").View} View */

/** None for collaborators or followers leaves them as they are. Whose order it is then, only the server knows. @type {Effect} */
export function assign(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task || !args.lead) return;
  const before = structuredClone(task);
  const collaborators = args.collaborators ?? task.collaborators.filter((/** @type {any} */ one) => one.person !== args.lead);
  const had = namePeople(task, args.lead, collaborators, args.followers ?? task.followers);
  const leadChanges = before.lead !== args.lead;
  if (leadChanges || before.handed_back) Object.assign(task, { handed_back: false, handed_back_reason: "" });
  if (leadChanges && !task.children) task.percent = had.get(args.lead)?.percent ?? task.percent;
  if (leadChanges && before.lead === entry.person) Object.assign(task.can, { submit: false, extend: false });
  const isOn = task.lead === entry.person || task.collaborators.some((/** @type {any} */ one) => one.person === entry.person);
  if (!isOn) Object.assign(task.can, { progress: false, hand_back: false });
  settle(view, task, entry, { assign_handed_back: false });
  const notes = peopleNotes(view, before, task);
  if (notes.length || before.handed_back) happened(view, entry, "assign", { reason: (args.reason ?? "").trim(), notes });
}

/** @param {View} view @param {any} before @param {any} after @returns {string[]} who was named before and now, by role */
function peopleNotes(view, before, after) {
  const notes = [];
  for (const role of ["lead", "collaborators", "followers"]) {
    const [old, now] = [before, after].map((task) => namesOf(view, task[role]));
    if (old !== now) notes.push(say("tasks.timeline.changed", { what: say(`tasks.field.${role}`), old: old || "–", new: now || "–" }));
  }
  return notes;
}

/** @param {View} view @param {any} people one, some, or some with their parts @returns {string} */
const namesOf = (view, people) =>
  (Array.isArray(people) ? people : people ? [people] : []).map((one) => nameOf(view, one.person ?? one)).join(", ");
