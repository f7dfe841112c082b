// The timeline of a task from the replica's rows: the mirror of server/tasks/show/timeline.py.
import { stampOf } from "../base/time.js";
import { has, say } from "../base/words.js";
import { fileContexts } from "./files.js";
import { moment, nameOf, person } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */

/**
 * Something that happened to a task, whichever row tells of it: `person` did it, `note` is what is said of it, `reason` why he did it.
 * @typedef {object} Happening
 * @property {number | null} seq its number in the chain; null for what the server has not taken yet
 * @property {string} action
 * @property {string} icon
 * @property {string} kind
 * @property {string} title
 * @property {string} person
 * @property {string} at the server's moment, or the device's of what waits
 * @property {string} note
 * @property {string} reason
 * @property {any[]} files contexts of `file_item`
 * @property {boolean} pending whether it waits to be sent
 */

/** How many entries a page shows at once. */
export const HISTORY = 30;

/** The icon and the colour of the entries that rows of their own tell of. @type {Record<string, readonly [string, string]>} */
const LOOKS = {
  progress: ["chart", "doing"],
  submit: ["send", "review"],
  accept: ["check", "done"],
  return: ["return", "soon"],
  comment: ["comment", "wait"],
};

/**
 * Everything that happened to a task, newest first; what waits to be sent stands above it.
 * @param {View} view
 * @param {string} task
 * @returns {Happening[]}
 */
export function happenings(view, task) {
  const found = [
    ...view.of("report", task).map((row) => ofReport(row)),
    // A withdrawn acceptance is an event; its row of a review says nothing more.
    ...view.of("review", task).filter((row) => row.verdict in LOOKS).map((row) => ofReview(view, row)),
    ...view.of("comment", task).map((row) => made(row, { action: "comment", person: row.person, at: row.at, notes: [row.text] })),
    ...view.of("event", task).map((row) => ofEvent(row)),
  ];
  return found.sort(newestFirst);
}

/** What waits stands first; then what the server has taken but not numbered yet here; then by number. @param {Happening} a @param {Happening} b @returns {number} */
function newestFirst(a, b) {
  if (a.pending !== b.pending) return a.pending ? -1 : 1;
  if (a.seq !== null && b.seq !== null) return b.seq - a.seq;
  if (a.seq === b.seq) return Date.parse(b.at) - Date.parse(a.at);
  return a.seq === null ? -1 : 1;
}

/** @param {any} row @returns {Happening} */
function ofReport(row) {
  const action = row.kind === "submit" ? "submit" : "progress";
  const notes = [row.note, row.quantity ? say("tasks.timeline.quantity", { quantity: general(row.quantity) }) : ""];
  return made(row, { action, person: row.person, at: row.received ?? row.at, notes, values: { percent: row.percent } });
}

/** @param {View} view @param {any} row @returns {Happening} */
function ofReview(view, row) {
  const notes = [row.note, ...details(row)];
  return made(row, { action: row.verdict, person: row.reviewer, at: row.at, notes, values: { person: nameOf(view, row.person) } });
}

/** What a judgement says besides its words; to whom that is not for, its row has nothing of it. @param {any} row @returns {string[]} */
const details = (row) => [
  row.quantity ? say("tasks.timeline.accepted_quantity", { quantity: general(row.quantity) }) : "",
  row.major_error ? say("tasks.timeline.major_error") : "",
  row.objective_cause ? say("tasks.timeline.objective_cause") : "",
  row.score !== null && row.score !== undefined ? say("tasks.timeline.score", { score: general(row.score) }) : "",
];

/**
 * @param {any} row
 * @param {{action: string, person: string, at: string, notes: string[], values?: Record<string, unknown>}} said
 * @returns {Happening}
 */
function made(row, { action, person: who, at, notes, values }) {
  const [icon, kind] = LOOKS[action] ?? ["edit", "wait"];
  const title = say(`tasks.timeline.${action}`, values);
  const note = notes.filter(Boolean).join("\n");
  return { seq: row.seq ?? null, action, icon, kind, title, person: who, at, note, reason: notes[0] ?? "", files: fileContexts(row), pending: Boolean(row.pending) };
}

/** @param {any} row as the server made it ready, or as a mutation that waits made it @returns {Happening} */
function ofEvent(row) {
  const key = `tasks.timeline.${row.action}`;
  return {
    seq: row.seq ?? null,
    action: row.action,
    icon: row.icon ?? "edit",
    kind: row.kind ?? "wait",
    title: row.title ?? say(has(key) ? key : "tasks.timeline.other"),
    person: row.person,
    at: row.at,
    note: row.note ?? "",
    reason: row.reason ?? "",
    files: [],
    pending: Boolean(row.pending),
  };
}

/**
 * The context of `timeline_entry`.
 * @param {View} view
 * @param {Happening} one
 * @returns {any}
 */
export function entry(view, one) {
  return {
    seq: one.seq,
    action: one.action,
    icon: one.icon,
    kind: one.kind,
    title: one.title,
    when: moment(one.at, view.now),
    iso: `${stampOf(new Date(one.at)).slice(0, 19)}+07:00`,
    person: person(view, one.person),
    note: one.note,
    files: one.files,
    ...(one.pending ? { pending: true } : {}),
  };
}

/**
 * The part of a timeline that a page shows: `before` a number of the chain or, without one, the newest with everything that waits.
 * @param {View} view
 * @param {string} task
 * @param {number | null} [before]
 * @returns {{shown: Happening[], more: string}} `more` is the address of the next part, or nothing
 */
export function part(view, task, before = null) {
  const all = happenings(view, task);
  const waiting = before === null ? all.filter((one) => one.pending) : [];
  const known = all.filter((one) => !one.pending && (before === null || (one.seq !== null && one.seq < before)));
  const shown = [...waiting, ...known.slice(0, HISTORY)];
  const [last, next] = [known[HISTORY - 1], known[HISTORY]];
  if (!last || !next) return { shown, more: "" };
  return { shown, more: `/tasks/${task}/history?before=${last.seq ?? (next.seq ?? 0) + 1}` };
}

/** A number in six digits, as the server's pages write it. @param {number} value @returns {string} */
export function general(value) {
  const [digits = "0", power = "0"] = value.toExponential(5).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(6))).replace(".", ",");
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${String(Number(digits)).replace(".", ",")}e${exponent < 0 ? "-" : "+"}${size}`;
}
