// Sửa nội dung: the mirror of `edit_form` in server/tasks/pages/forms.py.
import { newId } from "../../base/ids.js";
import { editValues, formContext, productOptions } from "../../show/forms.js";
import { errorsOf } from "./newTask.js";
import { taskOf } from "./task.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Shown} Shown */
/** @typedef {import("./newTask.js").Refused} Refused */

/** The form with what is stored; it remembers what its reader saw. @param {Desk} desk @param {string} name @returns {Promise<Shown | null>} */
export async function edit(desk, name) {
  const task = await taskOf(desk, name);
  // Why somebody may not is the server's to say.
  if (!task?.can.edit) return null;
  return showEdit(desk, task.id, editValues(task), editValues(task));
}

/**
 * The form with these values; `base` is what its reader saw when he began.
 * @param {Desk} desk
 * @param {string} name an identifier or a number
 * @param {Record<string, any>} values
 * @param {Record<string, any>} base
 * @param {Refused | null} [refusal]
 * @returns {Promise<Shown | null>}
 */
export async function showEdit(desk, name, values, base, refusal = null) {
  const task = await taskOf(desk, name);
  if (!task) return null;
  const context = formContext(desk.view, values, errorsOf(refusal), { task });
  const said = { products: productOptions(desk.view, task.product), base, message: refusal ? refusal.message : "", mutation: newId() };
  return { template: "shared/tasks/edit.html", context: { ...context, ...said }, nav: "tasks", status: refusal ? refusal.status : 200 };
}
