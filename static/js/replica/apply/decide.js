// Deciding what waits on a task: a proposal, a later due date, a hand-back. The mirror of server/tasks/commands/decide.py.
import { changed, fieldNotes } from "./edit.js";
import { dayText, happened, nameOf, OPEN, settle, taskOf } from "./facts.js";
import { namePeople } from "./people.js";

/** @typedef {import("./index.js").Effect} Effect */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../view.js").View} View */

/** Proposal first, then extension, then hand-back, as the server asks. @type {Effect} */
export function decide(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  const approves = args.decision === "approve";
  const reason = (args.reason ?? "").trim();
  const changes = args.changes ?? {};
  if (task.status === "proposed") decideProposal(view, entry, task, approves, reason, changes);
  else if (task.extension && OPEN.includes(task.status)) decideExtension(view, entry, task, approves, reason, changes);
  else if (task.handed_back && !approves) {
    Object.assign(task, { handed_back: false, handed_back_reason: "", lead_state: "active" });
    settle(view, task, entry, { assign_handed_back: false });
    happened(view, entry, "refuse_hand_back", { reason });
  }
}

/** @param {View} view @param {Entry} entry @param {any} task @param {boolean} approves @param {string} reason @param {any} changes */
function decideProposal(view, entry, task, approves, reason, changes) {
  if (!approves) {
    task.status = "declined";
    settle(view, task, entry, { decide: false });
    happened(view, entry, "decline", { reason });
    return;
  }
  const { lead = task.lead, collaborators = task.collaborators, ...fields } = changes;
  if (!lead) return; // the server will ask for one
  const before = structuredClone(task);
  Object.assign(task, changed(view, task, fields));
  namePeople(task, lead, collaborators.filter((/** @type {any} */ one) => one.person !== lead), task.followers, { fresh: true });
  Object.assign(task, { status: "not_started", assigner: entry.person });
  settle(view, task, entry, { decide: false });
  const notes = fieldNotes(view, before, { ...fields, lead });
  happened(view, entry, "approve", { reason, notes, values: { lead: nameOf(view, lead) } });
}

/** @param {View} view @param {Entry} entry @param {any} task @param {boolean} approves @param {string} reason @param {any} changes */
function decideExtension(view, entry, task, approves, reason, changes) {
  const values = { old_due: dayText(task.due), due: dayText(changes.due || task.extension.due) };
  if (approves) Object.assign(task, { due: changes.due || task.extension.due, no_due: null });
  task.extension = null;
  settle(view, task, entry, { decide_extension: false });
  happened(view, entry, approves ? "grant_extension" : "refuse_extension", { reason, values });
}
