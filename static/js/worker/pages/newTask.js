// Giao việc, or Đề xuất for whoever assigns to nobody: the mirror of `new` in server/tasks/pages/forms.py.
import { newId } from "../../base/ids.js";
import { FIELDS, formContext, productOptions } from "../../show/forms.js";
import { namedTask } from "../../show/one.js";
import { param } from "../asked.js";
import { taskOf } from "./task.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Shown} Shown */
/** Why a form was refused: the sentence, the field at fault or nothing, and the HTTP status. @typedef {{message: string, field?: string | null, status: number}} Refused */

/** @param {Desk} desk @returns {Promise<Shown | null>} */
export async function newTask(desk) {
  // Administrators have no tasks; the server says so in its own words.
  if (desk.view.me.position === "admin") return null;
  return showNew(desk, blank(desk.url), null, param(desk.url, "propose") === "1");
}

/** @param {URL} url @returns {Record<string, any>} an empty form, with what the address fills in */
const blank = (url) => ({
  ...Object.fromEntries(FIELDS.map((name) => [name, param(url, name)])),
  lead: param(url, "lead"),
  priority: param(url, "priority") || "normal",
  kind: param(url, "kind") || "planned",
  quantity: "1",
  collaborators: [],
  followers: [],
  shares: {},
  checklist: "",
  source_number: "",
  source_date: "",
  source_issuer: "",
  id: newId(),
  mutation: newId(),
});

/**
 * The form with these values, and why they were refused.
 * @param {Desk} desk
 * @param {Record<string, any>} values as `shownAgain` of the form has them
 * @param {Refused | null} [refusal]
 * @param {boolean | null} [proposes] null: whoever may assign to nobody proposes
 * @returns {Promise<Shown | null>}
 */
export async function showNew(desk, values, refusal = null, proposes = null) {
  const context = formContext(desk.view, values, errorsOf(refusal));
  if (proposes !== null) context.proposes = context.proposes || proposes;
  context.parent = null;
  context.products = productOptions(desk.view);
  context.message = refusal ? refusal.message : "";
  if (values["parent"]) {
    const above = await taskOf(desk, String(values["parent"]));
    if (!above) return null;
    context.parent = namedTask(above);
  }
  return { template: "shared/tasks/new.html", context, nav: "add", status: refusal ? refusal.status : 200 };
}

/** A refusal at its field. @param {Refused | null} refusal @returns {Record<string, string>} */
export const errorsOf = (refusal) => (refusal ? { [refusal.field || ""]: refusal.message } : {});
