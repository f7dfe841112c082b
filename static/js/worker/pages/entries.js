// What an entry of the outbox says, in words and in full, and which of it can be changed before it is sent.
import { say } from "../../base/words.js";
import { numberOf } from "../../show/cards.js";
import { amount, day, fileSize, moment, nameOf } from "../../show/values.js";

/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../../replica/view.js").View} View */
/** @typedef {import("../../replica/store.js").Store} Store */
/** @typedef {{label: string, text: string, long: boolean}} EntryRow */
/** @typedef {{name: string, label: string, kind: "long" | "percent" | "day" | "number" | "line", value: string | number, required: boolean}} Changeable */

/** In the order in which people read them. @type {[string, string][]} the argument, and how it is written */
const SHOWN = [
  ["title", "text"], ["description", "text"], ["percent", "percent"], ["note", "text"], ["text", "text"], ["quantity", "amount"], ["score", "amount"],
  ["major_error", "yes"], ["objective_cause", "yes"], ["lead", "person"], ["collaborators", "shares"], ["followers", "people"], ["start", "day"], ["due", "day"],
  ["no_due", "due"], ["priority", "priority"], ["kind", "kind"], ["unit", "row"], ["field", "row"], ["parent", "task"], ["product", "row"], ["product_text", "text"],
  ["checklist", "lines"], ["source", "source"], ["source_number", "text"], ["source_date", "day"], ["source_issuer", "text"], ["reason", "text"],
];
/** What the forms of tasks call by another name than the fields of a task. */
const OWN_LABELS = ["percent", "note", "text", "score", "major_error", "objective_cause", "checklist", "source", "reason"];

/** @param {string} name @returns {string} what people call an argument */
export const labelOfField = (name) => say(OWN_LABELS.includes(name) ? `offline.arg.${name}` : `tasks.field.${name}`);

/**
 * A value as people read it; nothing where there is nothing to read.
 * @param {string} name
 * @param {any} value
 * @param {View} view
 * @returns {string}
 */
export function textOf(name, value, view) {
  if (value === null || value === undefined || value === "" || value === false) return "";
  switch (SHOWN.find(([known]) => known === name)?.[1]) {
    case "percent":
      return `${value} %`;
    case "amount":
      return amount(value);
    case "yes":
      return say("offline.yes");
    case "person":
      return nameOf(view, value);
    case "people":
      return value.map((/** @type {string} */ id) => nameOf(view, id)).filter(Boolean).join(", ");
    case "shares":
      return value.map((/** @type {any} */ one) => nameOf(view, one.person) + (one.share ? ` (${amount(one.share * 100)} %)` : "")).join(", ");
    case "day":
      return day(value);
    case "due":
    case "priority":
    case "kind":
      return say(`tasks.${name === "no_due" ? "due" : name}.${value}`);
    case "row":
      return view.get(name, value)?.name ?? "";
    case "task":
      return view.get("task", value)?.title ?? "";
    case "lines":
      return value.join("\n");
    case "source":
      return [value.number, day(value.date), value.issuer].filter(Boolean).join(", ");
    default:
      return String(value);
  }
}

/** What the person said: the fields of an edit and of a decision stand beside the rest. @param {any} args @returns {Record<string, any>} */
const said = (args) => ({ ...args, ...(args.fields ?? {}), ...(args.changes ?? {}) });

/** What was entered, in full. @param {Entry} entry @param {View} view @returns {EntryRow[]} */
export function rowsOf(entry, view) {
  const args = said(entry.args);
  return SHOWN.flatMap(([name]) => {
    const text = name in args ? textOf(name, args[name], view) : "";
    return text ? [{ label: labelOfField(name), text, long: text.length > 60 || text.includes("\n") }] : [];
  });
}

/** The same as plain text, to be copied. @param {EntryRow[]} rows @returns {string} */
export const copied = (rows) => rows.map((row) => `${row.label}: ${row.text}`).join("\n");

/** The task that an entry is about. @param {Entry} entry @param {View} view @returns {{href: string, number: string, title: string} | null} */
export function aboutOf(entry, view) {
  const task = view.get("task", entry.task);
  return task ? { href: `/tasks/${task.id}`, number: numberOf(task), title: task.title } : null;
}

/** The files of an entry that are still on this device. @param {Entry} entry @param {Store} store */
export async function filesOfEntry(entry, store) {
  const found = await Promise.all(entry.files.map((sha256) => store.blob(sha256)));
  return found.flatMap((file) => {
    if (!file) return [];
    return [{ name: file.name, size: fileSize(file.size), href: `/files/${file.sha256}`, picture: file.type.startsWith("image/") }];
  });
}

/** @param {Entry} entry @param {View} view @returns {string} when it was done */
export const whenOf = (entry, view) => moment(entry.at, view.now);

/** Which arguments a small form can change, by mutation. @type {Record<string, string[]>} */
const CHANGES = {
  "task.create": ["title", "description", "due", "quantity"],
  "task.propose": ["title", "description", "due", "quantity"],
  "task.progress": ["percent", "note", "quantity"],
  "task.submit": ["note", "quantity"],
  "task.hand_back": ["reason"],
  "task.extend": ["due", "reason"],
  "task.decide": ["due", "reason"],
  "task.review": ["score", "quantity", "note"],
  "task.status": ["reason"],
  "task.assign": ["reason"],
  "task.bin": ["reason"],
  "task.comment": ["text"],
  "task.edit": ["title", "description", "start", "due", "quantity", "product_text", "reason"],
  "checklist.add": ["text"],
  "insight.decline": ["reason"],
};
/** @type {Record<string, Changeable["kind"]>} */
const KINDS = { percent: "percent", due: "day", start: "day", quantity: "number", score: "number", product_text: "line" };

/** Where an argument stands: an edit's in `fields`, a decision's in `changes`. @param {string} mutation @param {any} args @param {string} name @returns {any} */
function placeOf(mutation, args, name) {
  if (name === "reason") return args;
  return mutation === "task.edit" ? args.fields : mutation === "task.decide" ? args.changes : args;
}

/** The names that can be changed: of an edit, and of a decision, only what was said. @param {Entry} entry @returns {string[]} */
export const changeable = ({ name, args }) =>
  (CHANGES[name] ?? []).filter((one) => {
    if (name === "task.decide") return one === "reason" ? args.decision === "decline" : one in args.changes;
    // A task without a due date says why: to give it one is an edit of its own.
    if (one === "due" && args.no_due) return false;
    return one === "reason" || name !== "task.edit" || one in args.fields;
  });

/** @param {Entry} entry @param {Record<string, string>} [typed] what was entered and refused @returns {Changeable[]} */
export function fieldsOf(entry, typed = {}) {
  return changeable(entry).map((name) => {
    const kind = KINDS[name] ?? "long";
    const value = placeOf(entry.name, entry.args, name)[name];
    const shown = kind === "number" ? amount(value) : (value ?? (kind === "percent" ? 0 : ""));
    const required = ["title", "text"].includes(name) || (name === "due" && entry.name !== "task.edit");
    return { name, label: labelOfField(name), kind, value: typed[name] ?? shown, required };
  });
}

/**
 * The arguments of an entry with what the small form says. Throws a Refusal at the field that can't be read.
 * @param {Entry} entry
 * @param {import("../forms/form.js").Form} form
 * @returns {any}
 */
export function changedArgs(entry, form) {
  const args = structuredClone(entry.args);
  for (const name of changeable(entry)) {
    if (!form.has(name)) continue;
    const kind = KINDS[name] ?? "long";
    const place = placeOf(entry.name, args, name);
    if (kind === "day") place[name] = form.day(name);
    else if (kind === "percent") place[name] = form.whole(name) ?? place[name];
    else if (kind === "number") place[name] = form.number(name) ?? (["task.create", "task.propose", "task.edit"].includes(entry.name) ? 1 : null);
    else place[name] = form.text(name);
  }
  return args;
}
