// What follows for a task from its new state: the moves that are over, whether it is late, and the rows that tell what happened.
import { say } from "../../base/words.js";

/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../view.js").View} View */

const LATE = ["not_started", "in_progress", "paused"];
export const OPEN = ["not_started", "in_progress", "submitted", "paused"];
export const CLOSED = ["completed", "cancelled", "declined"];
const WORKED_ON = ["not_started", "in_progress"];

/** The states in which a move is possible at all, whoever wants it; moves that every state allows are left out. @type {Record<string, string[]>} */
const MOVES = {
  decide: ["proposed"],
  edit: ["proposed", ...WORKED_ON, "paused"],
  assign: [...WORKED_ON, "paused"],
  assign_handed_back: [...WORKED_ON, "paused"],
  progress: WORKED_ON,
  submit: WORKED_ON,
  review: ["submitted"],
  pause: WORKED_ON,
  resume: ["paused"],
  cancel: ["proposed", ...OPEN],
  reopen: ["cancelled"],
  hand_back: WORKED_ON,
  extend: WORKED_ON,
  check: WORKED_ON,
  split: WORKED_ON,
  bin: ["proposed", ...WORKED_ON, "paused", "cancelled", "declined"],
};

/** @param {View} view @param {Entry} entry @returns {any | undefined} a copy of the entry's task that can be changed */
export const taskOf = (view, entry) => view.draft("task", entry.args.task);

/**
 * Brings in line what hangs on state and due date; called after every change of a task.
 * @param {View} view
 * @param {any} task a draft
 * @param {Entry} entry
 * @param {Record<string, boolean>} [can] moves of which it is certain whether he may make them now
 */
export function settle(view, task, entry, can = {}) {
  Object.assign(task.can, can);
  for (const [move, states] of Object.entries(MOVES)) if (!states.includes(task.status)) task.can[move] = false;
  if (task.status !== "submitted") {
    task.reviewers = [];
    const lead = task.lead;
    task.reviewable = task.status === "completed" ? task.reviewable.filter((/** @type {string} */ one) => one !== lead) : [];
  }
  task.overdue = Boolean(task.due) && task.due < view.today && LATE.includes(task.status);
  task.changed_at = entry.at;
}

/** The icon and the colour of what has no row of its own but an event. @type {Record<string, readonly [string, string]>} */
const LOOKS = {
  create: ["add", "doing"],
  propose: ["help", "review"],
  approve: ["check", "done"],
  decline: ["x", "wait"],
  assign: ["swap", "doing"],
  pause: ["pause", "soon"],
  resume: ["play", "doing"],
  cancel: ["x", "wait"],
  reopen: ["restore", "doing"],
  hand_back: ["return", "soon"],
  refuse_hand_back: ["return", "soon"],
  extend: ["calendar", "soon"],
  grant_extension: ["calendar", "done"],
  refuse_extension: ["calendar", "wait"],
  bin: ["trash", "wait"],
  restore: ["restore", "doing"],
};

/**
 * A row of the kind `event` that waits with its entry.
 * @param {View} view
 * @param {Entry} entry
 * @param {string} action as the timeline calls it
 * @param {{task?: string, reason?: string, notes?: string[], values?: Record<string, unknown>}} [said]
 */
export function happened(view, entry, action, { task = entry.args.task, reason = "", notes = [], values } = {}) {
  const [icon, kind] = LOOKS[action] ?? ["edit", "wait"];
  view.put("event", {
    id: entry.id,
    task,
    person: entry.person,
    action,
    at: entry.at,
    icon,
    kind,
    title: say(`tasks.timeline.${action}`, values),
    note: [reason, ...notes].filter(Boolean).join("\n"),
    reason,
    seq: null,
  });
}

/** @param {View} view @param {string | null | undefined} person @returns {string} a name, or nothing */
export const nameOf = (view, person) => view.get("person", person)?.name ?? "";

/** @param {string | null | undefined} day @returns {string} `23/11/2026`, or that there is none */
export const dayText = (day) => (day ? `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}` : say("tasks.due.none"));

/** Files of an entry as a row's `attachments`. @param {Entry} entry @returns {{files: string[], attachments: any[]}} */
export function filesOf(entry) {
  const files = /** @type {string[]} */ (entry.args.files ?? []);
  const known = new Map((entry.attachments ?? []).map((one) => [one.sha256, one]));
  const attachments = files.flatMap((sha256) => known.get(sha256) ?? []).map((one) => ({ width: null, height: null, thumb: false, ...one }));
  return { files, attachments };
}

/** A part as an acceptance or a report changes it: the lead's or a collaborator's. @param {any} task @param {string} person @param {{percent?: number, state?: string}} values */
export function changePart(task, person, values) {
  if (task.lead === person) {
    if (values.percent !== undefined) task.lead_percent = values.percent;
    if (values.state !== undefined) task.lead_state = values.state;
    return;
  }
  const part = task.collaborators.find((/** @type {any} */ one) => one.person === person);
  if (part) Object.assign(part, values);
}
