// What becomes of a proposal: accepted, it is the ordinary reassignment; either way it waits no longer. The mirror of server/insight/proposals/commands.py.
import { say } from "../../base/words.js";
import { assign } from "./assign.js";

/** @typedef {import("./index.js").Effect} Effect */

/** Nothing shows where the task has another lead by now: the server will refuse. @type {Effect} */
export function accept(view, entry, args) {
  const proposal = view.get("proposal", args.proposal);
  if (!proposal) return;
  view.drop("proposal", proposal.id);
  const task = view.get("task", proposal.task);
  if (task?.lead !== proposal.giver) return;
  const asked = { task: proposal.task, lead: proposal.receiver, reason: say("insight.proposal.reason") };
  assign(view, { ...entry, args: asked }, asked);
}

/** @type {Effect} */
export function decline(view, _entry, args) {
  view.drop("proposal", args.proposal);
}
