// A new task or proposal, before it has a number. The mirror of server/tasks/commands/create.py.
import { say } from "../../base/words.js";
import { parentTask, quiet, sourceOf } from "./edit.js";
import { happened, nameOf, settle } from "./facts.js";
import { namePeople } from "./people.js";
import { uuid5 } from "./uuid5.js";

/** @typedef {import("./index.js").Effect} Effect */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../view.js").View} View */

/** @type {Effect} */
export function create(view, entry) {
  if (entry.args.lead) store(view, entry, "not_started");
}

/** Nobody is given anything until it is approved. @type {Effect} */
export function propose(view, entry) {
  store(view, entry, "proposed");
}

/** @param {View} view @param {Entry} entry @param {"not_started" | "proposed"} status */
function store(view, entry, status) {
  const { args, person: me } = entry;
  const assigned = status !== "proposed";
  const cadence = args.cadence || (args.no_due === "ongoing" ? "ongoing" : "once");
  const collaborators = args.collaborators ?? [];
  const task = view.put("task", {
    id: args.id,
    // Between the answer and the pull behind it.
    number: entry.answer?.number ?? "",
    title: args.title.trim().replace(/\s+/g, " "),
    description: (args.description ?? "").trim(),
    status,
    overdue: false,
    percent: 0,
    start: args.start || null,
    due: args.due || null,
    no_due: args.due ? null : args.no_due || (cadence === "ongoing" ? "ongoing" : "none"),
    due_text: (args.due_text ?? "").trim(),
    cadence,
    priority: args.priority ?? "normal",
    kind: args.kind ?? "planned",
    unit: args.unit || view.get("person", args.lead)?.unit || view.me?.unit || null,
    field: args.field || null,
    parent: args.parent || null,
    parent_task: parentTask(view, args.parent),
    children: 0,
    open_children: 0,
    product: args.product || null,
    product_text: (args.product_text ?? "").trim(),
    quantity: args.quantity || 1,
    creator: me,
    assigner: assigned ? me : null,
    delegate: null,
    overseer: null,
    lead: null,
    lead_share: null,
    lead_percent: null,
    lead_state: null,
    collaborators: [],
    followers: args.followers ?? [],
    checklist: checklistOf(args),
    source: sourceOf(args.source),
    outside_leads: "",
    outside_partners: "",
    plan: null,
    handed_back: false,
    handed_back_reason: "",
    extension: null,
    files: [],
    attachments: [],
    version: 0,
    demo: false,
    created_at: entry.at,
    changed_at: entry.at,
    started_at: null,
    submitted_at: null,
    completed_at: null,
    can: {},
    reviewable: [],
    reviewers: [],
  });
  if (args.lead) namePeople(task, args.lead, collaborators, task.followers, { fresh: true });
  else if (collaborators.length) {
    namePeople(task, "", collaborators, task.followers, { fresh: true });
    Object.assign(task, { lead: null, lead_share: null, lead_percent: null, lead_state: null });
  }
  settle(view, task, entry, canOf(task, me, assigned));
  const parent = args.parent && quiet(() => view.draft("task", args.parent));
  if (parent) {
    Object.assign(parent, { children: parent.children + 1, open_children: parent.open_children + 1 });
    Object.assign(parent.can, { submit: false, cancel: false, bin: false });
    if (parent.lead === me) parent.can.progress = false;
  }
  happened(view, entry, assigned ? "create" : "propose", { task: args.id, values: { lead: nameOf(view, args.lead) || say("tasks.show.nobody") } });
}

/** Identifiers by place, the same on every device that knows the task; empty lines count for nothing. @param {any} args @returns {any[]} */
const checklistOf = (args) =>
  /** @type {string[]} */ (args.checklist ?? [])
    .map((text) => text.trim())
    .filter(Boolean)
    .map((text, place) => ({ id: uuid5(args.id, String(place)), text, done: false, done_by: null, done_at: null }));

/** What its maker may certainly do with it. @param {any} task @param {string} me @param {boolean} assigned @returns {Record<string, boolean>} */
function canOf(task, me, assigned) {
  const leads = task.lead === me;
  const isOn = leads || task.collaborators.some((/** @type {any} */ one) => one.person === me);
  const works = assigned && isOn;
  const moves = ["decide", "review", "resume", "reopen", "restore", "decide_extension", "assign_handed_back"];
  return {
    ...Object.fromEntries(moves.map((move) => [move, false])),
    edit: true,
    cancel: true,
    bin: true,
    comment: true,
    follow: true,
    progress: works,
    hand_back: works,
    submit: assigned && leads,
    extend: assigned && leads,
    pause: assigned,
    assign: assigned,
    split: assigned,
    check: assigned,
  };
}
