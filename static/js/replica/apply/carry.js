// What the people on a task do: report, submit, hand back, ask for more time. The mirror of server/tasks/commands/carry.py.
import { changePart, dayText, filesOf, happened, settle, taskOf } from "./facts.js";

/** @typedef {import("./index.js").Effect} Effect */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../view.js").View} View */

/** The first report begins the task; the lead's percent is the task's. @type {Effect} */
export function progress(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  report(view, entry, "progress", args.percent);
  changePart(task, entry.person, { percent: args.percent });
  if (task.status === "not_started") Object.assign(task, { status: "in_progress", started_at: entry.at });
  if (task.lead === entry.person) task.percent = args.percent;
  settle(view, task, entry);
}

/** @type {Effect} */
export function submit(view, entry) {
  const task = taskOf(view, entry);
  if (!task) return;
  report(view, entry, "submit", 100);
  changePart(task, entry.person, { percent: 100 });
  Object.assign(task, { status: "submitted", percent: 100, submitted_at: entry.at, started_at: task.started_at ?? entry.at });
  settle(view, task, entry);
}

/** @param {View} view @param {Entry} entry @param {string} kind @param {number} percent */
function report(view, entry, kind, percent) {
  const { id, task, note = "", quantity = null } = entry.args;
  view.put("report", { id, task, person: entry.person, kind, percent, note: note.trim(), quantity, at: entry.at, seq: null, ...filesOf(entry) });
}

/** The lead's hand-back leaves the task waiting for another; a collaborator's ends his part, and the lead has his share. @type {Effect} */
export function handBack(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  const reason = args.reason.trim();
  if (task.lead === entry.person) {
    Object.assign(task, { handed_back: true, handed_back_reason: reason, lead_state: "handed_back" });
    settle(view, task, entry, { progress: false, submit: false, hand_back: false });
  } else {
    const mine = task.collaborators.find((/** @type {any} */ one) => one.person === entry.person);
    if (mine && task.lead) task.lead_share = Math.round((task.lead_share + mine.share) * 1000) / 1000;
    task.collaborators = task.collaborators.filter((/** @type {any} */ one) => one !== mine);
    if (!task.followers.includes(entry.person)) task.followers.push(entry.person);
    settle(view, task, entry, { progress: false, hand_back: false });
  }
  happened(view, entry, "hand_back", { reason });
}

/** @type {Effect} */
export function extend(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  const reason = args.reason.trim();
  task.extension = { id: entry.id, person: entry.person, old_due: task.due, due: args.due, reason, at: entry.at };
  settle(view, task, entry, { extend: false });
  happened(view, entry, "extend", { reason, values: { due: dayText(args.due) } });
}
