// POST /tasks: creating and proposing, as `create` in server/tasks/pages/forms.py.
import { newId } from "../../base/ids.js";
import { say } from "../../base/words.js";
import { showNew } from "../pages/newTask.js";
import { readForm } from "./form.js";
import { notice, refusedFor, Rejected, save, savedHere } from "./save.js";
import { newTaskOf, shownAgain } from "./whole.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function create(desk) {
  const form = await readForm(desk.request);
  const proposes = form.checked("proposes") || !desk.view.me?.may_assign?.length;
  try {
    const asked = newTaskOf(form, proposes);
    const entry = await save(desk, asked, { id: form.mutation, form: form.kept });
    const to = `/tasks/${entry.answer?.id ?? asked.args.id}`;
    if (entry.state !== "applied") return { to, notice: savedHere() };
    return { to, notice: notice(say(proposes ? "tasks.done.propose" : "tasks.done.create", { number: entry.answer?.number ?? "" })) };
  } catch (error) {
    const values = shownAgain(form);
    // What the server refused has its answer for ever: sent again it is another mutation, and another task.
    if (error instanceof Rejected) Object.assign(values, { mutation: newId(), id: newId() });
    return showNew(desk, values, refusedFor(error), proposes);
  }
}
