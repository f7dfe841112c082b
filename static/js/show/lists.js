// The contexts of Việc, its filters and the bin: the mirror of server/tasks/show/lists.py.
import { say } from "../base/words.js";
import { choicesOf } from "./choices.js";
import { card } from "./cards.js";
import { day, moment, nameOf } from "./values.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */

/**
 * What the address of a list says; every name is a parameter of it.
 * @typedef {{q: string, status: string, whose: string, person: string, unit: string, field: string, priority: string, plan: string,
 *   parent: string, due_from: string | null, due_to: string | null, sort: string, start: number}} Filters
 */

/** What each filter is where an address does not say. @type {Readonly<Filters>} */
export const DEFAULTS = Object.freeze({
  q: "", status: "open", whose: "all", person: "", unit: "", field: "", priority: "", plan: "", parent: "", due_from: null, due_to: null,
  sort: "due", start: 0,
});
const NAMES = /** @type {(keyof Filters)[]} */ (Object.keys(DEFAULTS));

/** Tasks on one page of a list. */
export const PAGE = 30;
/** Days that a task stays in the bin. */
const BIN_DAYS = 30;
const DAY_MS = 86_400_000;
const QUICK = ["open", "overdue", "soon", "submitted", "completed", "all"];
const PRIORITIES = ["normal", "urgent", "critical"];

/** A word of a query as Python's `urlencode` writes it. @param {string} text @returns {string} */
const quoted = (text) =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

/** @param {Filters} filters @param {Partial<Filters>} changes @returns {[string, string][]} */
function said(filters, changes) {
  const all = { ...filters, ...changes };
  return NAMES.flatMap((name) => {
    const value = all[name];
    return value === null || value === "" || value === 0 || value === DEFAULTS[name] ? [] : [[name, String(value)]];
  });
}

/**
 * The filters as the part of an address after the question mark; what is default is left out.
 * @param {Filters} filters
 * @param {Partial<Filters>} [changes]
 * @returns {string}
 */
export const queryOf = (filters, changes = {}) =>
  said(filters, changes).map(([name, value]) => `${quoted(name)}=${quoted(value)}`).join("&");

/** @param {string} query @returns {string} */
const listAt = (query) => `/tasks${query ? `?${query}` : ""}`;

/**
 * The context of the list, without what only some may do with it; what each name is, `list_context` of the server says.
 * @param {{rows: any[], more: boolean}} found
 * @param {Filters} filters
 * @param {View} view
 * @param {WorkingDays} days
 * @param {string} [current] the task that is open beside the list
 */
export function listContext(found, filters, view, days, current = "") {
  const query = queryOf(filters, { start: 0 });
  const tasks = found.rows.map((one) => ({ ...card(one, view, days, { query }), current: one.id === current }));
  return {
    tasks,
    q: filters.q,
    filter_href: `/tasks/filter${query ? `?${query}` : ""}`,
    set_filters: setFilters(filters, view),
    keep: said(filters, { q: "", start: 0 }).map(([name, value]) => ({ name, value })),
    quick: QUICK.map((one) => ({
      href: `/tasks?${queryOf(filters, { status: one, start: 0 })}`,
      label: say(`tasks.filter.${one}`),
      current: filters.status === one,
    })),
    pages: {
      next: found.more ? `/tasks?${queryOf(filters, { start: filters.start + PAGE })}` : "",
      first: filters.start ? `/tasks?${query}` : "",
      label: say(found.more ? "tasks.show.shown_more" : "tasks.show.shown_all", { count: filters.start + tasks.length }),
    },
    empty: emptyOf(filters),
    query,
    list_href: listAt(query),
  };
}

/**
 * The form of all filters: every parameter as a field shows it, the choices, and the list as it is now.
 * @param {Filters} filters
 * @param {View} view
 */
export function filterContext(filters, view) {
  const shown = Object.fromEntries(NAMES.map((name) => [name, filters[name] ?? ""]));
  return { filters: shown, choices: choicesOf(view), list_href: listAt(queryOf(filters, { start: 0 })) };
}

/** What the list is narrowed by besides words and status, each with the address that leaves it out. @param {Filters} filters @param {View} view */
function setFilters(filters, view) {
  /** @type {[keyof Filters, string][]} */
  const narrowed = [
    ["whose", filters.whose !== "all" ? say(`tasks.whose.${filters.whose}`) : ""],
    ["person", nameOf(view, filters.person) || filters.person],
    ["unit", view.get("unit", filters.unit)?.name ?? filters.unit],
    ["field", view.get("field", filters.field)?.name ?? filters.field],
    ["priority", PRIORITIES.includes(filters.priority) ? say(`tasks.priority.${filters.priority}`) : filters.priority],
    ["plan", filters.plan],
    ["parent", filters.parent],
    ["due_from", day(filters.due_from)],
    ["due_to", day(filters.due_to)],
  ];
  return narrowed
    .filter(([, value]) => value)
    .map(([name, value]) => ({
      label: say(`tasks.set.${name}`, { value }),
      href: `/tasks?${queryOf(filters, { start: 0, [name]: DEFAULTS[name] })}`,
    }));
}

/** What an empty list says, and the address that may show more. @param {Filters} filters */
function emptyOf(filters) {
  const query = queryOf(filters, { start: 0 });
  const key = filters.q ? "search" : query ? "filtered" : "nothing";
  const wider = filters.q ? queryOf({ ...DEFAULTS, q: filters.q, status: "all" }) : "";
  const saysWider = wider !== "" && wider !== query;
  return {
    title: say(`tasks.empty.${key}_title`),
    text: say(`tasks.empty.${key}_text`, { q: filters.q }),
    href: saysWider ? `/tasks?${wider}` : "/tasks",
    label: say(saysWider ? "tasks.empty.wider" : "tasks.empty.clear"),
  };
}

/**
 * The bin, as far as the device knows it: what was put there here and waits to be sent. The server alone has the rest.
 * @param {{task: any, at: string}[]} binned the task as the server last said it, and when it was put away
 * @param {View} view
 * @param {WorkingDays} days
 */
export function binContext(binned, view, days) {
  const tasks = binned.map(({ task, at }) => ({
    ...card(task, view, days),
    by: nameOf(view, view.person),
    when: moment(at, view.now),
    left: say("tasks.show.bin_left", { days: BIN_DAYS - Math.floor((view.now.getTime() - Date.parse(at)) / DAY_MS) }),
  }));
  const empty = { title: say("tasks.empty.bin_title"), text: say("tasks.show.bin_offline") };
  return { tasks, empty, note: say("tasks.show.bin_offline") };
}
