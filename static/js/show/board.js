// Whose loads a page shows, with the tasks that they are made of: the mirror of server/insight/load/queries.py and of `board_of` in load/pages.py.
import { settled } from "./since.js";
import { OPEN } from "./values.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("./since.js").Carrying} Carrying */
/** @typedef {import("../replica/view.js").View} View */
/** @typedef {{kind: "own" | "room" | "centre", unit: string, people: any[], wide: boolean}} Scope */
/** @typedef {{scope: Scope, loads: Map<string, Carrying>, tasks: Map<string, any>, takers: Set<string>, view: View, days: WorkingDays}} Board */

const CENTRE_LEADERS = ["director", "deputy_director"];
const ROOM_LEADERS = ["head", "deputy_head"];

/** An index of a row in thousandths. @param {number} value */
export const thousandths = (value) => Math.round(value * 1000);

/** @param {any} row of the kind `load` @returns {Carrying} */
const carrying = (row) => ({
  ...row,
  peak: thousandths(row.peak),
  low: thousandths(row.low),
  high: thousandths(row.high),
  days: row.days.map((/** @type {any} */ day) => ({ ...day, index: thousandths(day.index) })),
});

/** The office that a unit belongs to. @param {View} view @param {string | null} unit @returns {string | null} */
export const centreOf = (view, unit) => view.pathOf(unit).findLast((one) => view.get("unit", one)?.kind === "centre") ?? null;

/** @param {View} view @returns {any[]} everybody who works here, in order of rank */
export const working = (view) => view.people().filter((one) => one.active && one.position !== "admin");

/** The units that these people belong to, in their order. @param {View} view @param {any[]} people @returns {any[]} */
export function roomsWith(view, people) {
  const found = new Set(people.map((one) => one.unit));
  return view.units().filter((one) => found.has(one.id));
}

/**
 * What the address asks for; null where only the server can say (nothing was counted yet) or has to refuse.
 * Who sees the whole centre is known by the loads that the device was sent.
 * @param {View} view
 * @param {string} unit
 * @returns {Scope | null}
 */
function scopeOf(view, unit) {
  const me = view.me;
  const rows = view.all("load");
  if (me.position === "admin" || !rows.length) return null;
  const inRoom = (/** @type {any} */ one) => Boolean(one) && view.pathOf(one.unit).includes(me.unit);
  const leads = ROOM_LEADERS.includes(me.position);
  const wide = CENTRE_LEADERS.includes(me.position) || rows.some((one) => one.person !== me.id && !(leads && inRoom(view.get("person", one.person))));
  if (wide) {
    const centre = centreOf(view, me.unit);
    const seen = working(view).filter((one) => centreOf(view, one.unit) === centre);
    if (!unit) return { kind: "centre", unit: "", people: seen, wide };
    if (!roomsWith(view, seen).some((one) => one.id === unit)) return null;
    return { kind: "room", unit, people: seen.filter((one) => view.pathOf(one.unit).includes(unit)), wide };
  }
  if (unit && (unit !== me.unit || !leads)) return null;
  const seen = working(view).filter((one) => one.id === me.id || (leads && inRoom(one)));
  return { kind: leads ? "room" : "own", unit, people: seen, wide };
}

/**
 * Loads as this person may see them; null where the server has to answer. Wants `need("open")`.
 * @param {View} view
 * @param {WorkingDays} days
 * @param {string} unit
 * @returns {Board | null}
 */
export function boardOf(view, days, unit) {
  const scope = scopeOf(view, unit);
  if (!scope) return null;
  const tasks = new Map(view.open().filter((one) => OPEN.includes(one.status)).map((one) => [one.id, one]));
  const on = new Map([...tasks].map(([id, one]) => [id, { lead: one.lead, due: one.due, people: new Set([one.lead, ...one.collaborators.map((/** @type {any} */ part) => part.person)]) }]));
  /** @type {Map<string, Carrying>} */
  const loads = new Map();
  for (const { id } of scope.people) {
    const row = view.get("load", id);
    if (row) loads.set(id, carrying(row));
  }
  return { scope, loads: settled(loads, on, view.today, days), tasks, takers: new Set(view.me.may_assign ?? []), view, days };
}
