// /conflicts, Xung đột: what the server refused, and edits of mine that a later one replaced, with both states shown.
import { say } from "../../base/words.js";
import { TooLate } from "../../replica/errors.js";
import { chip } from "../../show/values.js";
import { readForm } from "../forms/form.js";
import { outcomes } from "../forms/save.js";
import { back, baseNow, nowOf, overwritten, said, shownClash, told } from "./clashes.js";
import { aboutOf, copied, filesOfEntry, labelOfField, rowsOf, textOf, whenOf } from "./entries.js";
import { deviceOf } from "./outbox.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../../replica/view.js").View} View */

/** What the task is now, beside what was wanted. */
const NOW = ["percent", "due", "no_due", "lead", "collaborators", "priority"];
/** @param {any} task @param {Desk} desk */
function stateNow(task, { view, days }) {
  if (!task) return null;
  const rows = NOW.flatMap((name) => {
    const text = textOf(name, task[name], view);
    return text ? [{ label: labelOfField(name), text, long: false }] : [];
  });
  // The state itself, not how the due date presses: it is what the refusal speaks of.
  return { chip: chip(task.status, null, null, view.today, days, false), rows };
}

/** An edit field by field: mine and the present one. @param {Entry} entry @param {any} task @param {View} view */
function fieldsNow(entry, task, view) {
  if (entry.name !== "task.edit" || !task) return [];
  return Object.entries(entry.args.fields).map(([name, value]) => ({
    name,
    label: labelOfField(name),
    mine: textOf(name, value, view) || say("offline.nothing"),
    now: textOf(name, nowOf(task, name), view) || say("offline.nothing"),
  }));
}

/** @param {Entry} entry @param {Desk} desk */
async function refusedOne(entry, desk) {
  const { view, store } = desk;
  const task = view.get("task", entry.task);
  const rows = rowsOf(entry, view);
  return {
    n: entry.n,
    label: entry.label,
    when: whenOf(entry, view),
    why: entry.message,
    rows,
    files: await filesOfEntry(entry, store),
    task: aboutOf(entry, view),
    now: stateNow(task, desk),
    fields: fieldsNow(entry, task, view),
    copy: copied(rows),
  };
}

/** @param {Desk} desk @returns {Promise<Given>} */
export async function conflicts(desk) {
  const { view } = desk;
  await view.need("notices");
  const clashes = [...told(view), ...(await overwritten(desk))].sort((one, other) => (one.at < other.at ? 1 : -1));
  for (const task of new Set(clashes.map((one) => one.task))) await view.need({ task });
  const rejected = view.entries().filter((entry) => entry.state === "rejected");
  const refused = await Promise.all(rejected.map((entry) => refusedOne(entry, desk)));
  for (const entry of rejected) if (!entry.shown) await desk.store.seen(entry.n);
  return { template: "shared/offline/conflicts.html", context: { refused, clashes: clashes.map((one) => shownClash(one, view)), device: await deviceOf(desk) }, nav: "outbox" };
}

/** @param {Desk} desk @param {string} n @returns {Promise<Given>} */
export async function conflictDiscard(desk, n) {
  try {
    await desk.store.discard(Number(n));
  } catch (error) {
    if (!(error instanceof TooLate)) throw error;
  }
  return back(say("offline.discarded"));
}

/** The same again as a new mutation; of an edit, the fields that are still wanted, over what stands there now. @param {Desk} desk @param {string} n @returns {Promise<Given>} */
export async function conflictAgain(desk, n) {
  const form = await readForm(desk.request);
  const entry = await desk.store.entry(Number(n));
  if (entry?.state !== "rejected") return back(say("offline.too_late"), "warning");
  const args = entry.name === "task.edit" ? editAgain(entry, form.many("field"), desk.view) : entry.args;
  if (!args) return back(say("offline.choose_field"), "warning");
  try {
    const [sent] = await outcomes(desk, [await desk.store.retry(entry.n, { args })]);
    return said(sent);
  } catch (error) {
    if (error instanceof TooLate) return back(say("offline.too_late"), "warning");
    throw error;
  }
}

/** @param {Entry} entry @param {string[]} wanted @param {View} view @returns {any} null where nothing is wanted */
function editAgain(entry, wanted, view) {
  const task = view.get("task", entry.task);
  const names = task ? Object.keys(entry.args.fields).filter((name) => wanted.includes(name)) : Object.keys(entry.args.fields);
  if (!names.length) return null;
  const fields = Object.fromEntries(names.map((name) => [name, entry.args.fields[name]]));
  return { ...entry.args, fields, base: baseNow(names, task) };
}
