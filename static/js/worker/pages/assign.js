// Phân công lại: the mirror of `assign_form` in server/tasks/pages/forms.py.
import { newId } from "../../base/ids.js";
import { assignValues, formContext } from "../../show/forms.js";
import { partsOf } from "../../show/one.js";
import { errorsOf } from "./newTask.js";
import { taskOf } from "./task.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Shown} Shown */
/** @typedef {import("./newTask.js").Refused} Refused */

/** Who is on the task, to be changed. @param {Desk} desk @param {string} name @returns {Promise<Shown | null>} */
export async function assign(desk, name) {
  const task = await taskOf(desk, name);
  // Why somebody may not is the server's to say.
  if (!task?.can.assign) return null;
  return showAssign(desk, task.id, assignValues(task));
}

/**
 * The form with these values.
 * @param {Desk} desk
 * @param {string} name an identifier or a number
 * @param {Record<string, any>} values
 * @param {Refused | null} [refusal]
 * @returns {Promise<Shown | null>}
 */
export async function showAssign(desk, name, values, refusal = null) {
  const task = await taskOf(desk, name);
  if (!task) return null;
  const onIt = partsOf(task).map((part) => part.person);
  const context = formContext(desk.view, values, errorsOf(refusal), { task, onIt });
  const said = { message: refusal ? refusal.message : "", mutation: newId(), handed_back: task.handed_back_reason };
  return { template: "shared/tasks/assign.html", context: { ...context, ...said }, nav: "tasks", status: refusal ? refusal.status : 200 };
}
