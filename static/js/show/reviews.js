// The context of Chờ duyệt: the mirror of server/tasks/show/reviews.py.
import { dayOf } from "../base/time.js";
import { say } from "../base/words.js";
import { card } from "./cards.js";
import { fileContexts } from "./files.js";
import { phrasesOf } from "./one.js";
import { suggestions } from "./suggestion.js";
import { amount, day, moment, nameOf, person } from "./values.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */
/** @typedef {import("./waiting.js").Waiting} Waiting */

/** How many of each kind the page shows at first, and how many where one kind alone is asked for. */
const FEW = 4;
const MANY = 20;

/**
 * The part of what waits that one page shows: a few of each kind or, from `start` on, many of one.
 * @param {Waiting} waiting
 * @param {string} kind
 * @param {number} start
 * @returns {[string, any[]][]}
 */
export function shownOf(waiting, kind, start) {
  const found = Object.entries(waiting).find(([name]) => name === kind);
  if (found) return [[kind, found[1].slice(start, start + MANY)]];
  return Object.entries(waiting).map(([name, some]) => [name, some.slice(0, FEW)]);
}

/**
 * `groups`, each with `key`, `title`, `count` of all, `entries` of this page and `more`; `jumps` leads to them, `ready` are phrases by move.
 * @param {View} view
 * @param {Waiting} waiting
 * @param {WorkingDays} days
 * @param {string} [kind]
 * @param {number} [start]
 * @returns {any}
 */
export function reviewsContext(view, waiting, days, kind = "", start = 0) {
  const alone = Object.hasOwn(waiting, kind);
  const counts = Object.fromEntries(Object.entries(waiting).map(([name, some]) => [name, some.length]));
  const groups = shownOf(waiting, kind, start)
    .filter(([, some]) => some.length)
    .map(([key, some]) => ({
      key,
      title: say(`tasks.waiting.${key}`),
      count: counts[key] ?? 0,
      entries: some.map((task) => entryOf(view, key, task, days)),
      more: moreOf(key, (counts[key] ?? 0) - some.length, alone ? start : 0, some.length),
    }));
  return {
    groups,
    whole: alone ? "/reviews" : "",
    jumps: groups.map((one) => ({ href: `#${one.key}`, label: one.title, count: one.count, current: false })),
    ready: phrasesOf(["accept", "return", "decline", "keep"]),
    empty: { title: say("tasks.waiting.empty_title"), text: say("tasks.waiting.empty_text") },
  };
}

/** The link to the next ones of a kind, or null. @param {string} kind @param {number} others @param {number} start @param {number} shown */
function moreOf(kind, others, start, shown) {
  const left = others - start;
  return left > 0 ? { href: `/reviews?kind=${kind}&start=${start + shown}`, label: say("tasks.waiting.more", { count: left }) } : null;
}

/** @param {View} view @param {string} kind @param {any} task @param {WorkingDays} days @returns {any} */
function entryOf(view, kind, task, days) {
  const others = task.collaborators.map((/** @type {any} */ one) => nameOf(view, one.person));
  const shared = { id: task.id, uid: `-${task.id}`, task: card(task, view, days), others };
  if (kind === "results") return { ...shared, ...resultOf(view, task) };
  if (kind === "proposals") {
    return {
      ...shared,
      by: person(view, task.creator),
      when: moment(task.created_at, view.now),
      has_lead: Boolean(task.lead),
      lead_id: task.lead ?? "",
      due: day(task.due),
      due_iso: task.due ?? "",
    };
  }
  if (kind === "extensions") {
    const asked = task.extension;
    return { ...shared, by: person(view, asked.person), note: asked.reason, old_due: day(task.due), due: day(asked.due) };
  }
  return { ...shared, by: person(view, task.lead), note: task.handed_back_reason };
}

/** A result that waits: who handed it in, when, with which words and files. @param {View} view @param {any} task @returns {any} */
function resultOf(view, task) {
  const said = view.of("report", task.id).findLast((one) => one.kind === "submit");
  return {
    by: person(view, task.lead),
    lead_id: task.lead ?? "",
    suggestion: suggestions(view, task, false).find((one) => one.id === task.lead) ?? null,
    when: moment(task.submitted_at, view.now),
    note: said?.note ?? "",
    quantity: amount(said?.quantity),
    amounts: amountsOf(said?.quantity, task.quantity),
    files: said ? fileContexts(said) : [],
    in_time: !task.due || !task.submitted_at || dayOf(new Date(task.submitted_at)) <= task.due,
  };
}

/** `3 trên 5 được giao`; nothing where one thing was asked for and one was made. @param {number | null | undefined} done @param {number} asked */
function amountsOf(done, asked) {
  if (done === null || done === undefined || (done === 1 && asked === 1)) return "";
  return say("tasks.show.amounts", { done: amount(done), asked: amount(asked) });
}
