// The contexts of the forms that create, propose, edit and reassign: the mirror of form_context in server/tasks/show/one.py.
import { say } from "../base/words.js";
import { numberOf } from "./cards.js";
import { fieldOptions, roomsOf } from "./choices.js";
import { amount, compared, peopleGroups } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */

/** What is asked of a task in every form of it, in the order of the forms. */
export const FIELDS = ["title", "description", "start", "due", "no_due", "priority", "kind", "unit", "field", "parent", "product", "product_text", "quantity"];

/** Those to whom this person may assign, in order of rank. @param {View} view @returns {any[]} */
export function assignable(view) {
  const may = new Set(view.me.may_assign ?? []);
  return view.people().filter((one) => may.has(one.id));
}

/**
 * The choices of the forms; `people` are those to whom this person may assign.
 * Whoever is on the task already (`onIt`) is a choice too: he stays unless he is taken off.
 * @param {View} view
 * @param {Record<string, any>} values
 * @param {Record<string, string>} errors by field
 * @param {{task?: any, onIt?: string[]}} [about]
 * @returns {any}
 */
export function formContext(view, values, errors, { task = null, onIt = [] } = {}) {
  const everyone = view.people();
  const may = new Set([...(view.me.may_assign ?? []), ...onIt]);
  const mine = everyone.filter((one) => may.has(one.id));
  const everybody = everyone.filter((one) => one.active && one.position !== "admin");
  return {
    values,
    errors,
    proposes: mine.length === 0,
    people: peopleGroups(mine.length ? mine : everybody, view),
    everybody: peopleGroups(everybody, view),
    units: roomsOf(view).map((one) => ({ value: one.id, label: one.name })),
    fields: fieldOptions(view),
    priorities: options("priority", ["normal", "urgent", "critical"]),
    kinds: options("kind", ["planned", "ad_hoc"]),
    no_dues: options("due", ["none", "ongoing"]),
    task: task ? { id: task.id, number: numberOf(task), title: task.title, version: task.version } : null,
  };
}

/**
 * The products of the catalogue in force as a choice, by complexity; after them the one that a task keeps from an earlier version.
 * @param {View} view
 * @param {string | null} [keeps]
 * @returns {{value: string, label: string, group: string}[]}
 */
export function productOptions(view, keeps = null) {
  const every = view.all("product");
  const kept = every.find((one) => one.id === keeps && !one.active);
  const found = every
    .filter((one) => one.active)
    .sort((one, other) => one.group - other.group || one.sort - other.sort || compared(one.id, other.id))
    .map((one) => productOption(one, "tasks.show.product_choice"));
  return kept ? [...found, productOption(kept, "tasks.show.product_old")] : found;
}

/** @param {any} one @param {string} key */
const productOption = (one, key) => ({
  value: one.id,
  label: say(key, { name: one.name, code: one.code, k: amount(one.k) }),
  group: say("tasks.show.product_group", { group: one.group }),
});

/** @param {string} prefix @param {string[]} names @returns {{value: string, label: string}[]} */
const options = (prefix, names) => names.map((value) => ({ value, label: say(`tasks.${prefix}.${value}`) }));

/** What is stored of a task, as the fields of its form show it. @param {any} task @returns {Record<string, string>} */
export function editValues(task) {
  const values = Object.fromEntries(FIELDS.map((name) => [name, task[name] ?? ""]));
  const { number = "", date = "", issuer = "" } = task.source ?? {};
  return { ...values, source_number: number, source_date: date ?? "", source_issuer: issuer, quantity: amount(task.quantity) };
}

/** Who is on a task, as the form that names others shows it. @param {any} task @returns {Record<string, any>} */
export const assignValues = (task) => ({
  lead: task.lead ?? "",
  collaborators: task.collaborators.map((/** @type {any} */ one) => one.person),
  shares: Object.fromEntries(task.collaborators.map((/** @type {any} */ one) => [one.person, one.share ? amount(one.share * 100) : ""])),
  followers: task.followers,
  reason: "",
});
