// New values of a task's fields. The mirror of server/tasks/commands/edit.py.
import { has, say } from "../../base/words.js";
import { NotLoaded } from "../errors.js";
import { dayText, happened, nameOf, settle, taskOf } from "./facts.js";

/** @typedef {import("./index.js").Effect} Effect */
/** @typedef {import("../view.js").View} View */

/** @param {any} one @param {any} other @returns {boolean} */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const TEXTS = ["description", "product_text"];
/** Fields that an entry of the timeline does not tell of. */
const UNTOLD = ["reason", "clash", "status", "parent"];

/** @type {Effect} */
export function edit(view, entry, args) {
  const task = taskOf(view, entry);
  if (!task) return;
  const before = structuredClone(task);
  const values = changed(view, task, args.fields ?? {});
  const told = Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(value, before[name])));
  if (!Object.keys(told).length) return;
  Object.assign(task, values);
  settle(view, task, entry);
  const seen = changed(view, before, args.base ?? {});
  const clash = Object.keys(args.base ?? {}).some((name) => name in told && !same(seen[name], before[name]));
  const notes = [...fieldNotes(view, before, told), clash ? say("tasks.timeline.clash") : ""];
  happened(view, entry, "edit", { reason: (args.reason ?? "").trim(), notes });
}

/**
 * The values that edited fields become, as the row has them; and the reason for no due date beside it.
 * @param {View} view
 * @param {any} task
 * @param {Record<string, any>} fields
 * @returns {Record<string, any>}
 */
export function changed(view, task, fields) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === "title") values.title = String(value).trim().replace(/\s+/g, " ");
    else if (TEXTS.includes(name)) values[name] = String(value ?? "").trim();
    else if (name === "quantity") values.quantity = Number(value) || 1;
    else if (name === "source") values.source = sourceOf(value);
    else if (name === "unit" || name === "priority" || name === "kind") values[name] = value;
    else values[name] = value || null;
  }
  if ("due" in values || "no_due" in values) {
    const due = "due" in values ? values.due : task.due;
    values.no_due = due ? null : ("no_due" in values ? values.no_due : task.no_due) || "none";
  }
  if ("parent" in values) values.parent_task = parentTask(view, values.parent);
  return values;
}

/** @param {any} given @returns {{number: string, date: string | null, issuer: string} | null} */
export function sourceOf(given) {
  const source = { number: (given?.number ?? "").trim(), date: given?.date || null, issuer: (given?.issuer ?? "").trim() };
  return source.number || source.date || source.issuer ? source : null;
}

/** What the parent is called, where it is on the device. @param {View} view @param {string | null} id @returns {{number: string, title: string} | null} */
export function parentTask(view, id) {
  const parent = id && quiet(() => view.get("task", id));
  return parent ? { number: parent.number, title: parent.title } : null;
}

/** What is read, or nothing where the page did not ask for that row. @template T @param {() => T} read @returns {T | undefined} */
export function quiet(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotLoaded) return undefined;
    throw error;
  }
}

/**
 * Lines that say what a field was and is.
 * @param {View} view
 * @param {any} before the task
 * @param {Record<string, any>} after fields with their new values
 * @returns {string[]}
 */
export function fieldNotes(view, before, after) {
  const notes = [];
  for (const [name, old, value] of Object.keys(after).flatMap((one) => parts(view, one, before[one], after[one]))) {
    const key = `tasks.field.${name}`;
    if (UNTOLD.includes(name) || !has(key) || old === value) continue;
    notes.push(say("tasks.timeline.changed", { what: say(key), old: fieldText(view, name, old), new: fieldText(view, name, value) }));
  }
  return notes;
}

/**
 * What is told of a field; of the document that a task comes from, its three parts; of a product, what it is called.
 * @param {View} view
 * @param {string} name
 * @param {any} old
 * @param {any} value
 * @returns {[string, any, any][]}
 */
function parts(view, name, old, value) {
  if (name === "product") return [["product_label", productLabel(view, old), productLabel(view, value)]];
  if (name !== "source") return [[name, old, value]];
  return ["number", "date", "issuer"].map((part) => [`source_${part}`, old?.[part] || null, value?.[part] || null]);
}

/** @param {View} view @param {string | null} id @returns {string} */
function productLabel(view, id) {
  const product = view.get("product", id);
  return product ? say("tasks.show.product", { name: product.name, k: String(product.k).replace(".", ",") }) : "";
}

/** @param {View} view @param {string} name @param {any} value @returns {string} */
function fieldText(view, name, value) {
  if (value === null || value === undefined || value === "") return "–";
  if (name === "due" || name === "start" || name === "source_date") return dayText(value);
  if (name === "lead") return nameOf(view, value);
  if (name === "unit" || name === "field") return view.get(name, value)?.name ?? String(value);
  if (name === "priority" || name === "kind") return say(`tasks.${name}.${value}`);
  if (name === "no_due") return say(`tasks.due.${value}`);
  const text = name === "quantity" ? String(value).replace(".", ",") : String(value);
  const letters = [...text];
  return letters.length <= 200 ? text : `${letters.slice(0, 200).join("")}…`;
}
