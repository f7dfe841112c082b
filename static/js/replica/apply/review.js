// Accepting and returning parts, and taking an acceptance back. The mirror of server/tasks/commands/decide.py.
import { changePart, happened, nameOf, settle, taskOf } from "./facts.js";

/** @typedef {import("./index.js").Effect} Effect */

/** The lead's part decides the task's state; a collaborator's is his own. @type {Effect} */
export function review(view, entry, args) {
  const task = taskOf(view, entry);
  const whose = args.person || task?.lead;
  if (!task || !whose) return;
  const accepted = args.verdict === "accept";
  view.put("review", {
    id: args.id,
    task: task.id,
    person: whose,
    reviewer: entry.person,
    verdict: args.verdict,
    detail: true,
    quantity: args.quantity ?? null,
    major_error: Boolean(args.major_error),
    objective_cause: Boolean(args.objective_cause),
    score: args.score ?? null,
    note: (args.note ?? "").trim(),
    at: entry.at,
    seq: null,
  });
  if (accepted) {
    changePart(task, whose, { state: "accepted", percent: 100 });
    task.reviewable = task.reviewable.filter((/** @type {string} */ one) => one !== whose);
  }
  if (whose === task.lead) {
    Object.assign(task, accepted ? { status: "completed", completed_at: entry.at, percent: 100 } : { status: "in_progress", submitted_at: null });
  }
  settle(view, task, entry, accepted ? { bin: false } : {});
}

/** The result waits for review again; both stay on record. @type {Effect} */
export function reviewUndo(view, entry, args) {
  const task = taskOf(view, entry);
  const whose = args.person || task?.lead;
  if (!task || !whose) return;
  changePart(task, whose, { state: "active" });
  const ofLead = whose === task.lead;
  if (ofLead) Object.assign(task, { status: "submitted", completed_at: null });
  if (!task.reviewable.includes(whose)) task.reviewable = [...task.reviewable, whose];
  const judged = { quantity: null, major_error: false, objective_cause: false, score: null, note: "" };
  view.put("review", { id: entry.id, task: task.id, person: whose, reviewer: entry.person, verdict: "undone", detail: true, ...judged, at: entry.at, seq: null });
  settle(view, task, entry, ofLead ? { review: true } : {});
  happened(view, entry, "take_back", { task: task.id, values: { person: nameOf(view, whose) } });
}
