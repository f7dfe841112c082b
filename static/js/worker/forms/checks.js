// What the server would refuse whatever the state of the task: looked for before anything is kept. Everything else is the server's to say.
import { lengthOf, oneLine, strip } from "./form.js";
import { invalid } from "./refusal.js";

export const TITLE_LENGTH = 1000;
export const TEXT_LENGTH = 20_000;
const PEOPLE_LIMIT = 60;
const CHECKLIST_LIMIT = 100;
const MOST = 1_000_000;
const LEAST = 0.001;

/** @typedef {import("../../replica/view.js").View} View */

/** @param {string} text @param {string} field @param {string} [shown] the field of the form, where it has another name */
function length(text, field, shown = field) {
  const found = lengthOf(strip(text ?? ""));
  if (found > TEXT_LENGTH) throw invalid("tasks.text_long", shown, { length: found, limit: TEXT_LENGTH });
}

/** @param {string} text */
function reason(text) {
  if (!strip(text ?? "")) throw invalid("tasks.reason_missing", "reason");
  length(text, "reason");
}

/** @param {number | null} given @param {number} [least] */
function quantity(given, least = 0) {
  if (given !== null && given !== undefined && !(least <= given && given <= MOST)) throw invalid("tasks.quantity_bad", "quantity");
}

/** @param {string} text */
function title(text) {
  const found = oneLine(text);
  if (!found) throw invalid("tasks.title_missing", "title");
  if (lengthOf(found) > TITLE_LENGTH) throw invalid("tasks.title_long", "title", { length: lengthOf(found), limit: TITLE_LENGTH });
}

/** @param {string | null} start @param {string | null} due */
function dates(start, due) {
  if (start && due && due < start) throw invalid("tasks.due_before_start", "due", { due: shown(due), start: shown(start) });
}

/** @param {string} day @returns {string} */
const shown = (day) => `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;

/** Half to even, as Python's round() does. @param {number} given @returns {number} */
function rounded(given) {
  const whole = Math.floor(given);
  return given - whole === 0.5 ? whole + (whole % 2) : Math.round(given);
}

/** @param {(number | null)[]} given parts of 1 or, where one of them is greater, per cents */
function shares(given) {
  const bad = () => invalid("tasks.shares_bad", "collaborators");
  if (given.some((share) => share !== null && !(share >= 0 && share <= 100))) throw bad();
  const per = given.some((share) => share !== null && share > 1) ? 100 : 1;
  const sum = given.reduce((/** @type {number} */ all, share) => all + rounded(((share ?? 0) / per) * 1000), 0);
  if (given.length && sum >= 1000) throw bad();
}

/** @param {any} args @param {View} view */
function people(args, view) {
  /** @type {{person: string, share: number | null}[]} */
  const collaborators = args.collaborators ?? [];
  const named = [...(args.lead ? [args.lead] : []), ...collaborators.map((one) => one.person), ...(args.followers ?? [])];
  if (named.length > PEOPLE_LIMIT) throw invalid("tasks.people_many", "collaborators", { limit: PEOPLE_LIMIT });
  /** @type {Set<string>} */
  const seen = new Set();
  for (const person of named) {
    if (seen.has(person)) throw invalid("tasks.person_twice", "collaborators", { name: view.get("person", person)?.name ?? "" });
    seen.add(person);
  }
  shares(collaborators.map((one) => one.share));
}

/** @param {any} args @param {View} view */
function newTask(args, view) {
  people(args, view);
  dates(args.start, args.due);
  if (args.checklist.length > CHECKLIST_LIMIT) throw invalid("tasks.checklist_many", "checklist", { limit: CHECKLIST_LIMIT });
  title(args.title);
  length(args.description, "description");
  length(args.product_text, "product_text");
  quantity(args.quantity, LEAST);
  length(args.source?.number ?? "", "source");
  length(args.source?.issuer ?? "", "source");
  for (const text of args.checklist) length(text, "checklist");
}

/** @type {Record<string, (args: any, view: View) => void>} */
const CHECKS = {
  "task.create"(args, view) {
    if (args.lead === null) throw invalid("tasks.lead_missing", "lead");
    newTask(args, view);
  },
  "task.propose": newTask,
  "task.progress"(args) {
    if (!(args.percent >= 0 && args.percent <= 100)) throw invalid("tasks.percent_bad", "percent");
    length(args.note, "note");
    quantity(args.quantity);
  },
  "task.submit"(args) {
    length(args.note, "note");
    quantity(args.quantity);
  },
  "task.hand_back": (args) => reason(args.reason),
  "task.extend": (args) => reason(args.reason),
  "task.decide"(args) {
    if (args.decision === "decline") reason(args.reason);
  },
  "task.review"(args) {
    if (args.score !== null && !(args.score >= 0 && args.score <= 100)) throw invalid("tasks.score_bad", "score");
    if (args.verdict === "return") reason(args.note);
    else length(args.note, "note");
    quantity(args.quantity);
  },
  "task.status"(args) {
    if (args.to === "paused" || args.to === "cancelled") reason(args.reason);
  },
  "task.comment"(args) {
    length(args.text, "text");
    if (!strip(args.text)) throw invalid("tasks.comment_empty", "text");
  },
  "insight.decline": (args) => reason(args.reason),
  "checklist.add"(args) {
    if (!oneLine(args.text)) throw invalid("tasks.comment_empty", "text");
    length(args.text, "text");
  },
  "task.edit"(args, view) {
    const { fields } = args;
    if ("title" in fields) title(fields.title);
    for (const name of ["description", "product_text"]) if (name in fields) length(fields[name] ?? "", name);
    if ("quantity" in fields) quantity(fields.quantity, LEAST);
    const now = view.get("task", args.task) ?? {};
    if ("due" in fields || "start" in fields) dates("start" in fields ? fields.start : now.start, "due" in fields ? fields.due : now.due);
  },
  "task.assign"(args, view) {
    if (!args.lead) throw invalid("tasks.lead_missing", "lead");
    people(args, view);
    if (args.lead !== view.get("task", args.task)?.lead) reason(args.reason);
  },
};

/**
 * Throws the Refusal that the server would give too, if it can be known without the rules.
 * @param {string} name of the mutation
 * @param {any} args
 * @param {View} view
 */
export function check(name, args, view) {
  CHECKS[name]?.(args, view);
}
