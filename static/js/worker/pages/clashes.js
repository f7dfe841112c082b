// Two people edited one field: what each of them wrote, and which of it is to stay.
import { say } from "../../base/words.js";
import { numberOf } from "../../show/cards.js";
import { moment } from "../../show/values.js";
import { readForm } from "../forms/form.js";
import { keep, notice, outcomes, refusedFor } from "../forms/save.js";
import { labelOfField, textOf } from "./entries.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../../replica/view.js").View} View */
/** Values of mine that a later edit replaced, or (`over`) values of somebody else that mine replaced. @typedef {{id: string, task: string, at: string, by?: string, values: Record<string, any>, over: boolean}} Clash */

/** Where the answer to an edit that wrote over somebody's values is kept: `replica/queue.js` puts it there with the answer. */
const OVER = "over:";

/** A clash names the columns of the document that a task comes from; an edit takes it as one. */
const SOURCE = "source_";

/** The value that a task has now of a field of an edit, or of a column of a clash. @param {any} task @param {string} name @returns {any} */
export const nowOf = (task, name) => (name.startsWith(SOURCE) ? task?.source?.[name.slice(SOURCE.length)] : task?.[name]) ?? null;

/** @param {string} text @param {string} [kind] @returns {Given} */
export const back = (text, kind = "info") => ({ to: "/conflicts", notice: notice(text, kind) });

/** @param {Entry | undefined} entry @returns {Given} */
export function said(entry) {
  if (entry?.state === "applied") return back(say("offline.sent_again"), "success");
  if (entry?.state === "rejected") return back(entry.message, "warning");
  return back(say("offline.saved"));
}

/** Clashes that this device's own edits brought about: whose value they replaced was told by the server. @param {Desk} desk @returns {Promise<Clash[]>} */
export async function overwritten({ store }) {
  const rows = await store.db.state.where("key").startsWith(OVER).toArray();
  return rows.map(({ key, value }) => ({ id: key.slice(OVER.length), over: true, ...value }));
}

/** The notice of a later edit as a clash. @param {any} notice @returns {Clash} */
const toldOf = ({ id, task, at, data }) => ({ id, task, at, by: data.by, values: data.values, over: false });

/** What the person was told of and has not put aside. @param {View} view @returns {Clash[]} */
export const told = (view) => view.all("notice").filter((one) => one.kind === "task.edited_over" && !one.read && one.data?.values && one.task).map(toldOf);

/** The value that is not in force: mine, or of an edit that wrote over somebody else's, theirs. @param {Clash} clash @returns {"mine" | "theirs"} */
const lost = ({ over }) => (over ? "theirs" : "mine");

/** A clash as the template shows it, field by field: the value that went and the one that stands there now. @param {Clash} clash @param {View} view */
export function shownClash(clash, view) {
  const task = view.get("task", clash.task);
  const which = lost(clash);
  const fields = Object.entries(clash.values).map(([name, value]) => ({
    name,
    label: value.label || labelOfField(name),
    mine: value[`${which}_text`] || say("offline.nothing"),
    now: (task ? textOf(name, nowOf(task, name), view) : value.now_text) || say("offline.nothing"),
  }));
  const by = clash.by ?? Object.values(clash.values).find((value) => value.by)?.by;
  return {
    id: clash.id,
    over: clash.over,
    title: clash.over ? say("offline.clash_over") : say("notify.text.kind.task.edited_over"),
    when: moment(clash.at, view.now),
    by: view.get("person", by)?.name ?? "",
    task: task ? { href: `/tasks/${task.id}`, number: numberOf(task), title: task.title } : null,
    fields,
    can_reuse: Boolean(task?.can?.edit) && Object.values(clash.values).every((value) => which in value),
  };
}

/** What stands there now, as an editor would have seen it. @param {string[]} names @param {any} task @returns {Record<string, any>} */
export const baseNow = (names, task) => (task ? Object.fromEntries(names.map((name) => [name, nowOf(task, name)])) : {});

/** @param {Desk} desk @param {string} id @returns {Promise<Clash | undefined>} */
async function clashOf(desk, id) {
  await desk.view.need("notices");
  return [...told(desk.view), ...(await overwritten(desk))].find((one) => one.id === id);
}

/** It is settled: a notice is read on every device, what only this device knew of is forgotten. @param {Desk} desk @param {Clash} clash @returns {Promise<Entry[]>} */
async function putAside(desk, clash) {
  if (!clash.over) return [await keep(desk, { name: "notice.read", args: { notice: clash.id } }, {})];
  await desk.store.db.state.delete(OVER + clash.id);
  return [];
}

/** What stands there now stays. @param {Desk} desk @param {string} id @returns {Promise<Given>} */
export async function clashKeep(desk, id) {
  const clash = await clashOf(desk, id);
  if (!clash) return { to: "/conflicts" };
  try {
    await outcomes(desk, await putAside(desk, clash));
  } catch (error) {
    return back(refusedFor(error).message, "warning");
  }
  return back(say("offline.clash_kept"), "success");
}

/** The values that went, as an edit takes them. @param {string[]} names @param {Clash} clash @param {any} task @returns {Record<string, any>} */
function again(names, clash, task) {
  /** @type {Record<string, any>} */
  const fields = {};
  for (const name of names) {
    const value = clash.values[name][lost(clash)];
    if (!name.startsWith(SOURCE)) fields[name] = value;
    else fields.source = { number: "", date: null, issuer: "", ...task.source, ...fields.source, [name.slice(SOURCE.length)]: value };
  }
  return fields;
}

/** The value that went comes back, as an edit of what stands there now. @param {Desk} desk @param {string} id @returns {Promise<Given>} */
export async function clashMine(desk, id) {
  const form = await readForm(desk.request);
  const clash = await clashOf(desk, id);
  if (!clash) return { to: "/conflicts" };
  await desk.view.need({ task: clash.task });
  const task = desk.view.get("task", clash.task);
  const names = Object.keys(clash.values).filter((name) => form.many("field").includes(name) && lost(clash) in clash.values[name]);
  if (!task || !names.length) return back(say("offline.choose_field"), "warning");
  const fields = again(names, clash, task);
  try {
    const edit = await keep(desk, { name: "task.edit", args: { task: task.id, fields, base: baseNow(Object.keys(fields), task), reason: "" } }, {});
    const [sent] = await outcomes(desk, [edit, ...(await putAside(desk, clash))]);
    return sent?.state === "applied" ? back(say(clash.over ? "offline.clash_theirs" : "offline.clash_mine"), "success") : said(sent);
  } catch (error) {
    return back(refusedFor(error).message, "warning");
  }
}
