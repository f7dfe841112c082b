// Turns the forms of a task's page into mutations, as server/tasks/pages/actions.py makes commands of them.
import { newId } from "../../base/ids.js";
import { invalid } from "./refusal.js";

/** @typedef {import("./form.js").Form} Form */
/** What a form asks for; `done` names the sentence of `tasks.done` for afterwards, `values` fill it. @typedef {{name: string, args: any, done: string, values: Record<string, unknown>}} Made */
/** @typedef {(form: Form, task: string, files: string[]) => Made} Maker */

/** A new thing's identifier: the form's own, so that a second sending names the same thing. @param {Form} form */
const idOf = (form) => form.mutation ?? newId();

/** @param {string} name @param {any} args @param {string} done @param {Record<string, unknown>} [values] @returns {Made} */
const made = (name, args, done, values = {}) => ({ name, args, done, values });

/** @type {Record<string, Maker>} */
export const MAKERS = {
  progress(form, task, files) {
    const percent = form.whole("percent");
    if (percent === null) throw invalid("tasks.percent_bad", "percent");
    return made("task.progress", { id: idOf(form), task, percent, note: form.text("note"), quantity: form.number("quantity"), files }, "progress", { percent });
  },
  submit: (form, task, files) =>
    made("task.submit", { id: idOf(form), task, note: form.text("note"), quantity: form.number("quantity"), files }, "submit"),
  hand_back: (form, task) => made("task.hand_back", { task, reason: form.text("reason") }, "hand_back"),
  extend(form, task) {
    const due = form.day("due");
    if (due === null) throw invalid("tasks.due_new_missing", "due");
    return made("task.extend", { task, due, reason: form.text("reason") }, "extend");
  },
  decide(form, task) {
    const decision = form.text("decision") === "approve" ? "approve" : "decline";
    /** @type {Record<string, string>} */
    const changes = {};
    if (form.raw("lead")) changes.lead = form.text("lead");
    const due = form.day("due");
    if (due !== null) changes.due = due;
    return made("task.decide", { task, decision, reason: form.text("reason"), changes }, decision);
  },
  review(form, task) {
    const verdict = form.text("verdict") === "accept" ? "accept" : "return";
    const asked = {
      id: idOf(form),
      task,
      person: form.raw("person"),
      verdict,
      quantity: form.number("quantity"),
      major_error: form.checked("major_error"),
      objective_cause: form.checked("objective_cause"),
      score: form.number("score"),
      note: form.text("note"),
    };
    return made("task.review", asked, verdict);
  },
  review_undo: (form, task) => made("task.review_undo", { task, person: form.raw("person") }, "review_undo"),
  status(form, task) {
    /** @type {Record<string, string>} */
    const names = { paused: "pause", cancelled: "cancel", not_started: "reopen" };
    const to = form.text("to");
    return made("task.status", { task, to, reason: form.text("reason") }, (Object.hasOwn(names, to) && names[to]) || "resume");
  },
  comment: (form, task, files) =>
    made("task.comment", { id: idOf(form), task, text: form.text("text"), mentions: form.many("mentions"), files }, "comment"),
  check: (form, task) => made("checklist.set", { task, item: form.text("item"), done: form.checked("done") }, ""),
  item(form, task) {
    if (form.raw("remove")) return made("checklist.remove", { task, item: form.text("remove") }, "");
    return made("checklist.add", { id: idOf(form), task, text: form.text("text") }, "item_add");
  },
  follow(form, task) {
    const on = form.checked("on");
    return made("task.follow", { task, on }, on ? "follow" : "unfollow");
  },
  bin: (form, task) => made("task.bin", { task, reason: form.text("reason") }, "bin"),
  restore: (_form, task) => made("task.restore", { task }, "restore"),
};
