// POST /tasks/{name}/edit and /assign, as `edit` and `assign` in server/tasks/pages/forms.py.
import { say } from "../../base/words.js";
import { showAssign } from "../pages/assign.js";
import { showEdit } from "../pages/edit.js";
import { taskOf } from "../pages/task.js";
import { readForm } from "./form.js";
import { notice, refusedFor, save, savedHere } from "./save.js";
import { assignOf, baseOf, editOf, shownAgain } from "./whole.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */

/** Only what differs from what the editor saw is changed. @param {Desk} desk @param {string} name @returns {Promise<Given>} */
export async function editSend(desk, name) {
  const task = await taskOf(desk, name);
  if (!task) return null;
  const form = await readForm(desk.request);
  const to = `/tasks/${task.id}`;
  try {
    const asked = editOf(form, task.id);
    // Nothing is different: there is nothing to wait for.
    if (!Object.keys(asked.args.fields).length) return { to, notice: notice(say("tasks.done.edit")) };
    const entry = await save(desk, asked, { id: form.mutation, form: form.kept });
    if (entry.state !== "applied") return { to, notice: savedHere() };
    if (!entry.answer?.clashes?.length) return { to, notice: notice(say("tasks.done.edit")) };
    const fields = entry.answer.clashes.map((/** @type {string} */ field) => say(`tasks.field.${field}`).toLowerCase()).join(", ");
    return { to, notice: notice(say("tasks.done.edit_clash", { fields }), "warning") };
  } catch (error) {
    return showEdit(desk, task.id, shownAgain(form), baseOf(form), refusedFor(error));
  }
}

/** Other people, with the reason. @param {Desk} desk @param {string} name @returns {Promise<Given>} */
export async function assignSend(desk, name) {
  const task = await taskOf(desk, name);
  if (!task) return null;
  const form = await readForm(desk.request);
  const to = `/tasks/${task.id}`;
  try {
    const entry = await save(desk, assignOf(form, task.id), { id: form.mutation, form: form.kept });
    if (entry.state !== "applied") return { to, notice: savedHere() };
    return { to, notice: notice(say("tasks.done.assign", { number: entry.answer?.number ?? "" })) };
  } catch (error) {
    return showAssign(desk, task.id, shownAgain(form), refusedFor(error));
  }
}
