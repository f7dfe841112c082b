// POST /tasks/{name}/{move}: what the buttons of a task's page do, as `act` in server/tasks/pages/actions.py.
import { say } from "../../base/words.js";
import { TooLate } from "../../replica/errors.js";
import { localPath } from "../asked.js";
import { showTask } from "../pages/one.js";
import { taskOf } from "../pages/task.js";
import { forgetShared } from "../shared.js";
import { readForm } from "./form.js";
import { MAKERS } from "./makers.js";
import { filesOf, notice, refusedFor, save, savedHere, start } from "./save.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../desk.js").Notice} Notice */
/** @typedef {import("./form.js").Form} Form */

/** Moves that take files along. */
const WITH_FILES = ["progress", "submit", "comment"];

/** What an undo button takes back, if it has not been sent yet: the name of the waiting mutation. @type {Record<string, string>} */
const OPPOSITES = { review_undo: "task.review", restore: "task.bin" };

/** The button that takes it back, where a tap too much is easy. @param {string} done @param {string} task @param {Form} form @returns {Notice["undo"]} */
function undoOf(done, task, form) {
  const again = done === "accept" ? "review_undo" : done === "bin" ? "restore" : "";
  if (!again) return null;
  const fields = form.raw("person") ? [{ name: "person", value: form.text("person") }] : [];
  return { action: `/tasks/${task}/${again}`, label: say("tasks.done.undo"), fields: [...fields, { name: "next", value: form.text("next") }] };
}

/** Where the person goes afterwards. @param {Form} form @param {string} task @param {string} word @returns {string} */
const backOf = (form, task, word) => localPath(form.text("next"), word === "bin" ? "/tasks" : `/tasks/${task}`);

/**
 * The entry that an undo button means, taken back instead of sending its opposite after it; false where it is on its way or gone.
 * @param {Desk} desk
 * @param {string} word
 * @param {string} task
 * @param {Form} form
 */
async function tookBack(desk, word, task, form) {
  const name = OPPOSITES[word];
  if (!name) return false;
  const person = form.raw("person");
  const found = desk.view
    .entries(task)
    .findLast((entry) => entry.state === "waiting" && entry.name === name && (name !== "task.review" || (entry.args.verdict === "accept" && (entry.args.person ?? null) === person)));
  if (!found) return false;
  try {
    await desk.store.takeBack(found.n);
    return true;
  } catch (error) {
    if (error instanceof TooLate) return false;
    throw error;
  }
}

/** @param {Desk} desk @param {string} name @param {string} word @returns {Promise<Given>} */
export async function move(desk, name, word) {
  const maker = MAKERS[word];
  if (!maker) return null;
  const task = (await taskOf(desk, name)) ?? binned(desk, name);
  if (!task) return null;
  const form = await readForm(desk.request);
  const back = backOf(form, task.id, word);
  if (await tookBack(desk, word, task.id, form)) {
    start(desk);
    return { to: back, notice: notice(say("offline.taken_back"), "info") };
  }
  try {
    const files = WITH_FILES.includes(word) ? await filesOf(desk, form) : [];
    const made = maker(form, task.id, files.map((one) => one.sha256));
    const entry = await save(desk, made, { id: form.mutation, files, form: form.kept });
    await forgetShared(desk.view.person, form.many("shared"));
    const undo = undoOf(made.done, task.id, form);
    if (!made.done) return { to: back };
    if (entry.state !== "applied") return { to: back, notice: savedHere(undo) };
    return { to: back, notice: notice(say(`tasks.done.${made.done}`, { number: entry.answer?.number ?? "", ...made.values }), "success", undo) };
  } catch (error) {
    const { message, field, status } = refusedFor(error);
    return showTask(desk, task.id, { problem: { move: word, message, field, values: form.values }, status });
  }
}

/** A task that only waits to be put into the bin: its row is there, though no list shows it. @param {Desk} desk @param {string} name */
const binned = (desk, name) => desk.view.entries(name).some((entry) => entry.name === "task.bin") ? { id: name } : undefined;
