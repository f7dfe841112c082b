// Dates, numbers and people in the office's own words: the mirror of server/tasks/show/values.py.
import { clockOf, dayOf, daysBetween, later, weekday } from "../base/time.js";
import { say } from "../base/words.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */
/** @typedef {{kind: string, icon: string, label: string}} Chip */
/** @typedef {{id: string, name: string, initials: string, position: string}} Shown */

const WEEKDAYS = /** @type {const} */ (["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
const SOON_DAYS = 3;
/** Beyond so many days nobody counts working days. */
const FAR_DAYS = 60;

export const OPEN = ["not_started", "in_progress", "submitted", "paused"];
export const RUNNING = ["not_started", "in_progress", "paused"];
export const CLOSED = ["completed", "cancelled", "declined"];

/** The kind of chip and the icon of each status. @type {Record<string, readonly [string, string]>} */
const CHIPS = {
  proposed: ["review", "help"],
  not_started: ["wait", "clock"],
  in_progress: ["doing", "play"],
  submitted: ["review", "eye"],
  completed: ["done", "check"],
  paused: ["soon", "pause"],
  cancelled: ["wait", "x"],
  declined: ["wait", "x"],
};

/** @param {string | null | undefined} value @returns {string} `23/11/2026`, or nothing */
export const day = (value) => (value ? `${value.slice(8, 10)}/${value.slice(5, 7)}/${value.slice(0, 4)}` : "");

/**
 * `08:15 hôm nay`, `08:15, 23/11` in the year of `now`, else `08:15, 23/11/2025`.
 * @param {string | null | undefined} value a moment as rows have it
 * @param {Date | null} [now]
 * @returns {string}
 */
export function moment(value, now = null) {
  if (!value) return "";
  const at = new Date(value);
  const [time, local] = [clockOf(at), dayOf(at)];
  if (now) {
    const today = dayOf(now);
    if (local === today) return say("tasks.show.today_at", { time });
    if (local === later(today, -1)) return say("tasks.show.yesterday_at", { time });
    if (local.slice(0, 4) === today.slice(0, 4)) return `${time}, ${day(local).slice(0, 5)}`;
  }
  return `${time}, ${day(local)}`;
}

/** @param {string | null | undefined} value a moment @returns {string} its day, by the office's clock */
export const localDay = (value) => (value ? day(dayOf(new Date(value))) : "");

/** @param {string} value @returns {string} `Thứ Hai, 23/11` */
export const longDay = (value) => `${say(`tasks.weekday.${WEEKDAYS[weekday(value)]}`)}, ${day(value).slice(0, 5)}`;

/**
 * `1.234,5`; nothing from nothing.
 * @param {number | null | undefined} value as rows have it: not thousandths
 * @returns {string}
 */
export function amount(value) {
  if (value === null || value === undefined) return "";
  const thousandths = Math.round(value * 1000);
  const whole = Math.floor(thousandths / 1000);
  const part = thousandths - whole * 1000;
  const text = String(whole).replace(/\B(?=(\d{3})+$)/g, ".");
  return part ? `${text},${String(part).padStart(3, "0")}`.replace(/0+$/, "") : text;
}

/** @param {number} size bytes @returns {string} `1,2 MB` */
export function fileSize(size) {
  if (size < 1000) return `${size} B`;
  const [unit, factor] = size < 1_000_000 ? ["kB", 1000] : ["MB", 1_000_000];
  const value = size / Number(factor);
  // What lies just between two tenths goes to the even one, as Python writes it; toFixed would take the larger.
  const between = (value * 4) % 2 === 1;
  const text = between ? (2 * Math.round(value * 5)) / 10 : value;
  return `${text.toFixed(1)} ${unit}`.replace(".0 ", " ").replace(".", ",");
}

/**
 * R9: what a task is called when its due date has passed and it is open. Waiting for review is not the assignee's delay.
 * @param {string} status
 * @param {string | null} due
 * @param {string} today
 * @returns {boolean}
 */
export const isOverdue = (status, due, today) => Boolean(due && due < today && RUNNING.includes(status));

/**
 * `còn 2 ngày làm việc`, `quá hạn 3 ngày`, or why there is no due date.
 * @param {string | null} due
 * @param {string | null} noDue
 * @param {string} today
 * @param {WorkingDays} days
 * @returns {string}
 */
export function dueText(due, noDue, today, days) {
  if (!due) return say(`tasks.due.${noDue || "none"}`);
  if (due < today) return say("tasks.due.late", { days: daysBetween(due, today) });
  if (due === today) return say("tasks.due.today");
  if (daysBetween(today, due) > FAR_DAYS) return say("tasks.due.far", { day: day(due) });
  const left = days.between(today, due);
  if (left <= 0) return say("tasks.due.next_day", { day: day(due) });
  if (left > 20) return say("tasks.due.far", { day: day(due) });
  return say("tasks.due.left", { days: left });
}

/** @param {string} text @returns {string} the first letter large, the others small */
const capitalized = (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();

/**
 * The chip of a task: its state or, where the due date presses, what presses.
 * @param {string} status
 * @param {string | null} due
 * @param {string | null} noDue
 * @param {string} today
 * @param {WorkingDays} days
 * @param {boolean} overdue
 * @returns {Chip}
 */
export function chip(status, due, noDue, today, days, overdue) {
  if (overdue && due) return { kind: "late", icon: "late", label: say("tasks.due.late_chip", { days: daysBetween(due, today) }) };
  const running = status === "not_started" || status === "in_progress";
  if (running && due && daysBetween(today, due) <= FAR_DAYS && days.between(today, due) <= SOON_DAYS) {
    return { kind: "soon", icon: "clock", label: capitalized(dueText(due, noDue, today, days)) };
  }
  const [kind, icon] = CHIPS[status] ?? ["wait", "clock"];
  return { kind, icon, label: say(`tasks.status.${status}`) };
}

/** Somebody as templates show him. @param {View} view @param {string | null | undefined} id @returns {Shown | null} */
export function person(view, id) {
  const known = id ? view.get("person", id) : undefined;
  return known ? { id: known.id, name: known.name, initials: known.initials, position: known.title } : null;
}

/** @param {View} view @param {string | null | undefined} id @returns {string} a name, or nothing for nobody */
export const nameOf = (view, id) => (id ? (view.get("person", id)?.name ?? "") : "");

/** @param {any} a @param {any} b @returns {number} -1, 0, 1 */
export const compared = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * People as a choice by room, rooms in their order and people in order of rank.
 * @param {any[]} people rows, in order of rank
 * @param {View} view
 * @returns {{unit: string, sort: number, people: {id: string, name: string, position: string, note: string}[]}[]}
 */
export function peopleGroups(people, view) {
  /** @type {Map<string, {unit: string, sort: number, people: {id: string, name: string, position: string, note: string}[]}>} */
  const groups = new Map();
  for (const one of people) {
    const unit = one.unit ? view.get("unit", one.unit) : undefined;
    const key = unit ? unit.id : "";
    /** @type {{unit: string, sort: number, people: {id: string, name: string, position: string, note: string}[]}} */
    const group = groups.get(key) ?? { unit: unit ? unit.name : "", sort: unit ? unit.sort : 0, people: [] };
    groups.set(key, group);
    group.people.push({ id: one.id, name: one.name, position: one.title, note: "" });
  }
  return [...groups.values()].sort((a, b) => a.sort - b.sort);
}
