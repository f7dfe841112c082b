// Pausing, resuming, cancelling, reopening, and the bin. The mirror of server/tasks/commands/edit.py.
import { happened, settle, taskOf } from "./facts.js";

/** @typedef {import("./index.js").Effect} Effect */
/** @typedef {import("../view.js").View} View */

/** @type {Record<string, string>} */
const MOVES = { "paused in_progress": "resume", "paused not_started": "resume", "cancelled not_started": "reopen", "cancelled in_progress": "reopen" };

/** @type {Effect} */
export function status(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  const move = { paused: "pause", cancelled: "cancel" }[/** @type {string} */ (args.to)] ?? MOVES[`${task.status} ${args.to}`];
  if (!move) return;
  const reason = (args.reason ?? "").trim();
  if (move === "pause" || move === "cancel") task.status = args.to;
  // What nobody ever approved stays a proposal: reopening is no approval.
  else task.status = !task.assigner ? "proposed" : task.started_at ? "in_progress" : "not_started";
  settle(view, task, entry, move === "pause" ? { resume: true } : move === "resume" ? { pause: true, cancel: task.can.cancel } : {});
  happened(view, entry, move, { reason });
}

/** What was put into the bin in a view: taken out again by an entry behind it. @type {WeakMap<View, Map<string, any>>} */
const binned = new WeakMap();

/** The replica does not hold what is in the bin. @type {Effect} */
export function bin(view, entry) {
  const task = taskOf(view, entry);
  if (!task) return;
  const held = binned.get(view) ?? new Map();
  held.set(task.id, task);
  binned.set(view, held);
  view.drop("task", task.id);
}

/** @type {Effect} */
export function restore(view, entry, args) {
  const task = binned.get(view)?.get(args.task);
  if (!task) return;
  const back = view.put("task", task);
  back.pending = Boolean(task.pending);
  settle(view, back, entry);
  happened(view, entry, "restore");
}
