// /conflicts, Xung đột: what the server refused, and edits of mine that a later one replaced, with both states shown.
import { say } from "../../base/words.js";
import { TooLate } from "../../replica/errors.js";
import { chip, moment } from "../../show/values.js";
import { readForm } from "../forms/form.js";
import { keep, notice, outcomes, refusedFor } from "../forms/save.js";
import { aboutOf, copied, filesOfEntry, labelOfField, rowsOf, textOf, whenOf } from "./entries.js";
import { deviceOf } from "./outbox.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../../replica/view.js").View} View */

/** What the task is now, beside what was wanted. */
const NOW = ["percent", "due", "no_due", "lead", "collaborators", "priority"];
/** A clash names the columns of the document that a task comes from; an edit takes it as one. */
const SOURCE = "source_";

/** The value that a task has now of a field of an edit, or of a column of a clash. @param {any} task @param {string} name @returns {any} */
const nowOf = (task, name) => (name.startsWith(SOURCE) ? task?.source?.[name.slice(SOURCE.length)] : task?.[name]) ?? null;

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

/**
 * The clashes that a person was told of and has not put aside: field by field what he wrote and what stands there now.
 * @param {View} view
 */
function clashesOf(view) {
  const found = view.all("notice").filter((one) => one.kind === "task.edited_over" && !one.read && one.data?.values);
  found.sort((one, other) => (one.at < other.at ? 1 : -1));
  return found.map((one) => {
    const task = view.get("task", one.task);
    const fields = Object.entries(one.data.values).map(([name, value]) => ({
      name,
      label: value.label || labelOfField(name),
      mine: value.mine_text || say("offline.nothing"),
      now: (task ? textOf(name, nowOf(task, name), view) : value.now_text) || say("offline.nothing"),
    }));
    const about = task ? { href: `/tasks/${task.id}`, number: task.number, title: task.title } : null;
    const reusable = Boolean(task?.can?.edit) && Object.values(one.data.values).every((value) => "mine" in value);
    return { id: one.id, title: one.text, when: moment(one.at, view.now), by: byOf(one.data.by, view), task: about, fields, can_reuse: reusable };
  });
}

/** Who wrote over it: his name, or the name that the notice carries. @param {unknown} by @param {View} view @returns {string} */
const byOf = (by, view) => (typeof by === "string" ? (view.get("person", by)?.name ?? by) : "");

/** @param {Desk} desk @returns {Promise<Given>} */
export async function conflicts(desk) {
  const { view } = desk;
  await view.need("notices");
  const about = view.all("notice").flatMap((one) => (one.kind === "task.edited_over" && !one.read && one.task ? [one.task] : []));
  for (const task of new Set(about)) await view.need({ task });
  const rejected = view.entries().filter((entry) => entry.state === "rejected");
  const refused = await Promise.all(rejected.map((entry) => refusedOne(entry, desk)));
  for (const entry of rejected) if (!entry.shown) await desk.store.seen(entry.n);
  return { template: "shared/offline/conflicts.html", context: { refused, clashes: clashesOf(view), device: await deviceOf(desk) }, nav: "outbox" };
}

/** @param {string} text @param {string} [kind] @returns {Given} */
const back = (text, kind = "info") => ({ to: "/conflicts", notice: notice(text, kind) });

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

/** @param {Entry | undefined} entry @returns {Given} */
function said(entry) {
  if (entry?.state === "applied") return back(say("offline.sent_again"), "success");
  if (entry?.state === "rejected") return back(entry.message, "warning");
  return back(say("offline.saved"));
}

/** @param {Entry} entry @param {string[]} wanted @param {View} view @returns {any} null where nothing is wanted */
function editAgain(entry, wanted, view) {
  const task = view.get("task", entry.task);
  const names = task ? Object.keys(entry.args.fields).filter((name) => wanted.includes(name)) : Object.keys(entry.args.fields);
  if (!names.length) return null;
  const fields = Object.fromEntries(names.map((name) => [name, entry.args.fields[name]]));
  return { ...entry.args, fields, base: baseNow(names, task) };
}

/** What stands there now, as an editor would have seen it. @param {string[]} names @param {any} task @returns {Record<string, any>} */
const baseNow = (names, task) => (task ? Object.fromEntries(names.map((name) => [name, nowOf(task, name)])) : {});

/** @param {Desk} desk @param {string} id */
async function clashOf(desk, id) {
  await desk.view.need("notices");
  const found = desk.view.get("notice", id);
  return found?.kind === "task.edited_over" ? found : null;
}

/** The later value stays: the notice is put aside. @param {Desk} desk @param {string} id @returns {Promise<Given>} */
export async function clashKeep(desk, id) {
  const clash = await clashOf(desk, id);
  if (!clash) return { to: "/conflicts" };
  await outcomes(desk, [await keep(desk, { name: "notice.read", args: { notice: id } }, {})]);
  return back(say("offline.clash_kept"), "success");
}

/** What I wrote, as an edit takes it. @param {string[]} names @param {Record<string, any>} values @param {any} task @returns {Record<string, any>} */
function mineOf(names, values, task) {
  /** @type {Record<string, any>} */
  const fields = {};
  for (const name of names) {
    if (!name.startsWith(SOURCE)) fields[name] = values[name].mine;
    else fields.source = { number: "", date: null, issuer: "", ...task.source, ...fields.source, [name.slice(SOURCE.length)]: values[name].mine };
  }
  return fields;
}

/** My value again, as an edit of what stands there now. @param {Desk} desk @param {string} id @returns {Promise<Given>} */
export async function clashMine(desk, id) {
  const form = await readForm(desk.request);
  const clash = await clashOf(desk, id);
  if (!clash) return { to: "/conflicts" };
  await desk.view.need({ task: clash.task });
  const task = desk.view.get("task", clash.task);
  const values = clash.data?.values ?? {};
  const names = Object.keys(values).filter((name) => form.many("field").includes(name) && "mine" in values[name]);
  if (!task || !names.length) return back(say("offline.choose_field"), "warning");
  const fields = mineOf(names, values, task);
  try {
    const edit = await keep(desk, { name: "task.edit", args: { task: task.id, fields, base: baseNow(Object.keys(fields), task), reason: "" } }, {});
    const read = await keep(desk, { name: "notice.read", args: { notice: id } }, {});
    const [sent] = await outcomes(desk, [edit, read]);
    return sent?.state === "applied" ? back(say("offline.clash_mine"), "success") : said(sent);
  } catch (error) {
    return back(refusedFor(error).message, "warning");
  }
}
