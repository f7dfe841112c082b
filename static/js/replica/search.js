// Lists of tasks out of the replica, filtered, sorted and searched: the mirror of server/tasks/queries/lists.py.
import { later } from "../base/time.js";
import { orderOf, ordinalOf } from "./numbers.js";
import { hasMarks, matcher, words } from "./words.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./held.js").Need} Need */
/**
 * What the address of a list says; days are `2026-11-23` or nothing.
 * @typedef {{q: string, status: string, whose: string, person: string, unit: string, field: string, priority: string, plan: string,
 *   parent: string, due_from: string | null, due_to: string | null, sort: string, start: number}} Filters
 */

/** Tasks on a page of a list. */
export const PAGE = 30;
const OPEN = ["not_started", "in_progress", "submitted", "paused"];
const RUNNING = ["not_started", "in_progress", "paused"];
const CLOSED = ["completed", "cancelled", "declined"];
const SOON_DAYS = 7;

/** What `listed` will ask the view for. @param {Filters} filters @returns {Need[]} */
export function needsOf({ q, status }) {
  const number = ordinalOf(q) !== null;
  /** @type {Need[]} */
  const needs = [number || status === "all" || CLOSED.includes(status) ? "tasks" : "open"];
  if (!number && words(q).length) needs.push("words");
  if (!number && hasMarks(q)) needs.push("marks");
  return needs;
}

/**
 * One page of the list that the filters describe. A number (`26-014`) finds its task at once.
 * @param {View} view with `needsOf(filters)`
 * @param {Filters} filters
 * @param {string} [today]
 * @returns {{rows: any[], more: boolean}}
 */
export function listed(view, filters, today = view.today) {
  const ordinal = ordinalOf(filters.q);
  // Whoever says a number wants that task, in whatever state it is by now.
  const status = ordinal === null ? filters.status : "all";
  const tasks = status === "all" || CLOSED.includes(status) ? view.all("task") : view.open();
  const wanted = filter(view, { ...filters, status }, today);
  if (ordinal !== null) return { rows: tasks.filter((task) => orderOf(task) === ordinal && wanted(task)), more: false };
  const asked = words(filters.q);
  const found = asked.length ? searched(tasks.filter(wanted), filters.q, asked) : tasks.filter(wanted).sort(SORTS[filters.sort] ?? SORTS.due);
  const start = Math.max(0, filters.start);
  return { rows: found.slice(start, start + PAGE), more: found.length > start + PAGE };
}

/**
 * Open tasks in sight with all the words of this title; for the warning before a second task of one kind is made.
 * @param {View} view with `need("open", "words")`
 * @param {string} title
 * @param {number} [limit]
 * @returns {any[]}
 */
export function alike(view, title, limit = 5) {
  const asked = words(title).filter((word) => [...word].length > 1).slice(0, 8);
  if (asked.length < 3) return [];
  return view.open().filter((task) => OPEN.includes(task.status)).filter(matcher(asked, false)).sort(SORTS.new).slice(0, limit);
}

/** Newest first; with marks in the question, what is written just so comes before what only sounds alike. @param {any[]} tasks @param {string} q @param {string[]} asked */
function searched(tasks, q, asked) {
  const found = tasks.filter(matcher(asked, false)).sort(SORTS.new);
  if (!hasMarks(q)) return found;
  const exact = new Set(tasks.filter(matcher(asked, true)).sort(SORTS.new));
  return [...exact, ...found.filter((task) => !exact.has(task))];
}

/** @param {View} view @param {Filters} filters @param {string} today @returns {(task: any) => boolean} */
function filter(view, filters, today) {
  const checks = [status(filters.status, today), whose(view, filters.whose)];
  if (filters.person) checks.push((task) => isOn(task, filters.person));
  if (filters.unit) checks.push(inUnit(view, filters.unit));
  for (const name of /** @type {const} */ (["field", "priority", "plan", "parent"])) if (filters[name]) checks.push((task) => task[name] === filters[name]);
  const { due_from: from, due_to: to } = filters;
  if (from) checks.push((task) => task.due !== null && task.due >= from);
  if (to) checks.push((task) => task.due !== null && task.due <= to);
  return (task) => checks.every((check) => check(task));
}

/** @param {string} wanted @param {string} today @returns {(task: any) => boolean} */
function status(wanted, today) {
  const running = (/** @type {any} */ task) => RUNNING.includes(task.status) && task.due !== null;
  if (wanted === "open") return (task) => OPEN.includes(task.status);
  if (wanted === "overdue") return (task) => running(task) && task.due < today;
  const last = later(today, SOON_DAYS);
  if (wanted === "soon") return (task) => running(task) && task.due >= today && task.due <= last;
  return wanted === "all" ? () => true : (task) => task.status === wanted;
}

/** @param {View} view @param {string} wanted @returns {(task: any) => boolean} */
function whose(view, wanted) {
  const me = view.person;
  if (wanted === "mine") return (task) => isOn(task, me);
  if (wanted === "lead") return (task) => task.lead === me;
  if (wanted === "given") return (task) => [task.assigner, task.delegate, task.creator].includes(me);
  if (wanted === "room") return inUnit(view, view.me?.unit);
  if (wanted === "followed") return (task) => task.followers.includes(me);
  return () => true;
}

/** @param {any} task @param {string} person @returns {boolean} */
const isOn = (task, person) => task.lead === person || task.collaborators.some((/** @type {any} */ one) => one.person === person);

/** Tasks of the unit and of those below it: what the server keeps as `u:` in task_scope follows from the task's unit. @param {View} view @param {string | null} unit @returns {(task: any) => boolean} */
function inUnit(view, unit) {
  /** @type {Map<string | null, boolean>} */
  const known = new Map();
  return (task) => {
    let is = known.get(task.unit);
    if (is === undefined) known.set(task.unit, (is = view.pathOf(task.unit).includes(unit ?? "")));
    return is;
  };
}

/** @typedef {(one: any, other: any) => number} Order */

/** What has no number yet is the newest. @type {Order} */
const byNumber = (one, other) => orderOf(one) - orderOf(other) || (one.id < other.id ? -1 : Number(one.id > other.id));

/** @type {Order} */
const byDue = (one, other) => Number(one.due === null) - Number(other.due === null) || (one.due < other.due ? -1 : Number(one.due > other.due)) || byNumber(one, other);

/** @param {any} task @returns {number} */
const pressing = (task) => (task.priority === "critical" ? 0 : task.priority === "urgent" ? 1 : 2);

/** @type {Record<"due" | "new" | "changed" | "priority", Order> & Record<string, Order>} */
const SORTS = {
  due: byDue,
  new: (one, other) => byNumber(other, one),
  changed: (one, other) => (one.changed_at > other.changed_at ? -1 : Number(one.changed_at < other.changed_at)) || byNumber(other, one),
  priority: (one, other) => pressing(one) - pressing(other) || byDue(one, other),
};
