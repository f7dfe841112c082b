// Makes mutations of posted forms, for tests/js/test_forms_agree.py: JSON in and out.
import { readFileSync } from "node:fs";
import { learn } from "../../static/js/base/words.js";
import { check } from "../../static/js/worker/forms/checks.js";
import { Form } from "../../static/js/worker/forms/form.js";
import { MAKERS } from "../../static/js/worker/forms/makers.js";
import { Refusal } from "../../static/js/worker/forms/refusal.js";
import { assignOf, bulkOf, editOf, newTaskOf } from "../../static/js/worker/forms/whole.js";

const { words, asked, task } = JSON.parse(readFileSync(0, "utf8"));
learn(words);
const view = { get: (/** @type {string} */ kind) => (kind === "task" ? { lead: "", start: null, due: null } : { name: "" }) };

/** @type {Record<string, (form: Form, files: string[]) => any>} */
const WHOLE = {
  create: (form) => newTaskOf(form, false),
  propose: (form) => newTaskOf(form, true),
  edit: (form) => editOf(form, task),
  assign: (form) => assignOf(form, task),
  bulk: (form) => bulkOf(form)(task),
};

/** @param {{kind: string, fields: [string, string][], files: string[], checked: boolean}} one */
function answer({ kind, fields, files, checked }) {
  const form = new Form(fields);
  try {
    const { name, args, done = "", values = {} } = (WHOLE[kind] ?? ((form) => MAKERS[kind](form, task, files)))(form, files);
    if (checked) check(name, args, /** @type {any} */ (view));
    return { name, args, done, values };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.message, field: error.field, status: error.status };
  }
}

process.stdout.write(JSON.stringify(asked.map(answer), (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value)));
