// Turns the forms of a whole task (new, edit, assign, many at once) into mutations, as server/tasks/pages/forms.py and bulk.py do.
import { newId } from "../../base/ids.js";
import { say } from "../../base/words.js";
import { floatOf, linesOf } from "./form.js";
import { invalid } from "./refusal.js";

/** @typedef {import("./form.js").Form} Form */
/** @typedef {{name: string, args: any}} Asked */

export const FIELDS = ["title", "description", "start", "due", "no_due", "priority", "kind", "unit", "field", "parent", "product", "product_text", "quantity"];
const SOURCE = ["source_number", "source_date", "source_issuer"];
export const BASE_FIELDS = [...FIELDS, ...SOURCE];

/** @type {Record<string, string[]>} */
const CHOICES = { no_due: ["none", "ongoing"], priority: ["normal", "urgent", "critical"], kind: ["planned", "ad_hoc"] };

/** @param {number | null} quantity @returns {number} what a task asks for: one where nothing, or nothing but nought, was said */
const orOne = (quantity) => (quantity === null || quantity === 0 ? 1 : quantity);

/** What was chosen, null where nothing was. Throws a Refusal for what the form does not offer. @param {Form} form @param {string} name */
function choice(form, name) {
  const text = form.text(name);
  if (text && !CHOICES[name]?.includes(text)) {
    throw invalid("tasks.field_value_bad", name, { what: say(`tasks.field.${name}`), value: [...text].slice(0, 80).join("") });
  }
  return text || null;
}

/** @param {Form} form @returns {{person: string, share: number | null}[]} */
function sharesOf(form) {
  return form.many("collaborators").map((person) => {
    const share = form.number(`share-${person}`);
    return { person, share: share === null ? null : share / 100 };
  });
}

/** What was entered, to show again. @param {Form} form @returns {Record<string, any>} */
export function shownAgain(form) {
  const collaborators = form.many("collaborators");
  const shares = Object.fromEntries(collaborators.map((person) => [person, form.text(`share-${person}`)]));
  return { ...form.values, collaborators, followers: form.many("followers"), shares };
}

/**
 * A new task. Throws a Refusal at the field that is missing or can't be read.
 * @param {Form} form
 * @param {boolean} proposes
 * @returns {Asked}
 */
export function newTaskOf(form, proposes) {
  const source = { number: form.text("source_number"), date: form.day("source_date"), issuer: form.text("source_issuer") };
  const no_due = choice(form, "no_due");
  const args = {
    id: form.text("id") || newId(),
    title: form.text("title"),
    description: form.text("description"),
    lead: form.raw("lead"),
    collaborators: sharesOf(form),
    followers: form.many("followers"),
    start: form.day("start"),
    due: no_due ? null : form.day("due"),
    no_due,
    priority: choice(form, "priority") ?? "normal",
    kind: choice(form, "kind") ?? "planned",
    unit: form.raw("unit"),
    field: form.raw("field"),
    parent: form.raw("parent"),
    product: form.raw("product"),
    product_text: form.text("product_text"),
    quantity: orOne(form.number("quantity")),
    checklist: linesOf(form.text("checklist")),
    source: source.number || source.date || source.issuer ? source : null,
  };
  if (!form.raw("due") && !form.raw("no_due")) throw invalid("tasks.due_missing", "due");
  return { name: proposes ? "task.propose" : "task.create", args };
}

/** What the editor saw: the hidden fields of the form. @param {Form} form @returns {Record<string, string>} */
export const baseOf = (form) => Object.fromEntries(BASE_FIELDS.map((name) => [name, form.text(`base-${name}`)]));

/** What the form says of a field, null where it has none. A task without a due date has none, whatever stands in the hidden field. @param {Form} form @param {string} name */
function given(form, name) {
  if (name === "due" && form.text("no_due")) return "";
  return form.has(name) ? form.text(name) : null;
}

/** @param {Form} form @param {string} name @returns {string | number | null} */
function fieldOf(form, name) {
  if (name === "due" && !given(form, name)) return null;
  if (name === "start" || name === "due") return form.day(name);
  if (name === "quantity") return orOne(form.number(name));
  return form.text(name) || (["no_due", "field", "parent", "product"].includes(name) ? null : "");
}

/** @param {string} name @param {string} seen @returns {string | number | null} */
function seenBefore(name, seen) {
  if (name === "quantity") return floatOf(seen.replaceAll(".", "").replaceAll(",", ".") || "1") ?? 1;
  return seen || (["start", "due", "no_due", "field", "parent", "product"].includes(name) ? null : "");
}

/**
 * Only what differs from what the editor saw. Throws a Refusal at the field that can't be read.
 * @param {Form} form
 * @param {string} task
 * @returns {Asked}
 */
export function editOf(form, task) {
  const base = baseOf(form);
  /** @type {Record<string, any>} */
  const fields = {};
  /** @type {Record<string, any>} */
  const before = {};
  for (const name of FIELDS) {
    const said = given(form, name);
    if (said === null || said === base[name]) continue;
    fields[name] = fieldOf(form, name);
    before[name] = seenBefore(name, base[name] ?? "");
  }
  if (SOURCE.some((name) => form.has(name) && form.text(name) !== base[name])) {
    fields.source = { number: form.text("source_number"), date: form.day("source_date"), issuer: form.text("source_issuer") };
  }
  return { name: "task.edit", args: { task, fields, base: before, reason: form.text("reason") } };
}

/** @param {Form} form @param {string} task @returns {Asked} */
export function assignOf(form, task) {
  const lead = form.text("lead");
  const collaborators = sharesOf(form).filter((one) => one.person !== lead);
  const followers = form.has("has_followers") ? form.many("followers") : null;
  return { name: "task.assign", args: { task, lead, collaborators, followers, reason: form.text("reason") } };
}

/**
 * The mutation for each of many tasks. Throws a Refusal at the field that is missing or can't be read.
 * @param {Form} form
 * @returns {(task: string) => Asked}
 */
export function bulkOf(form) {
  const [lead, reason] = [form.text("lead"), form.text("reason")];
  const assigns = form.text("what") === "assign";
  const due = assigns ? null : form.day("due");
  if (assigns && !lead) throw invalid("tasks.lead_missing", "lead");
  if (!assigns && due === null) throw invalid("tasks.due_new_missing", "due");
  if (!reason) throw invalid("tasks.reason_missing", "reason");
  if (assigns) return (task) => ({ name: "task.assign", args: { task, lead, collaborators: null, followers: null, reason } });
  return (task) => ({ name: "task.edit", args: { task, fields: { due }, base: {}, reason } });
}
