// GET /foresight/tasks: open tasks by how likely they are to be late, from the replica.
import { orderOf } from "../../replica/numbers.js";
import { isScored } from "../../show/marks.js";
import { PAGE, risksContext } from "../../show/risks.js";
import { badgesOf } from "../../show/waiting.js";
import { param } from "../asked.js";

/** @typedef {import("../../show/risks.js").Asked} Asked */
/** @typedef {import("../../replica/view.js").View} View */

const BANDS = ["high", "watch", "low"];
const LONGEST = 60;

/** What can't be read is left at its default. @param {URL} url @returns {Asked} */
function askedOf(url) {
  const text = (/** @type {string} */ name) => {
    const value = param(url, name).trim();
    return value.length <= LONGEST && !value.includes("\0") ? value : "";
  };
  const start = text("start");
  return {
    band: BANDS.includes(text("band")) ? text("band") : "",
    unit: text("unit"),
    person: text("person"),
    start: /^\d{1,5}$/.test(start) ? Number(start) : 0,
  };
}

/** @param {any} task @param {string} person @returns {boolean} */
const isOn = (task, person) => task.lead === person || task.collaborators.some((/** @type {any} */ one) => one.person === person);

/** The worst first, then by due date; the morning shows the first of them. @param {Asked} asked @param {View} view @param {boolean} own */
export function risky(asked, view, own) {
  const all = view
    .open()
    .filter((task) => isScored(task, view.today) && view.get("risk", task.id))
    .filter((task) => !own || isOn(task, view.person))
    .filter((task) => !asked.unit || view.pathOf(task.unit).includes(asked.unit))
    .filter((task) => !asked.person || isOn(task, asked.person))
    .map((task) => ({ task, risk: view.get("risk", task.id) }));
  const place = (/** @type {{risk: any}} */ one) => BANDS.indexOf(one.risk.band);
  const found = all
    .filter(({ risk }) => !asked.band || risk.band === asked.band)
    .sort((one, other) => place(one) - place(other) || (one.task.due < other.task.due ? -1 : one.task.due > other.task.due ? 1 : orderOf(one.task) - orderOf(other.task)));
  return {
    rows: found.slice(asked.start, asked.start + PAGE).map((one) => one.task),
    more: found.length > asked.start + PAGE,
    counts: Object.fromEntries(BANDS.map((band) => [band, all.filter(({ risk }) => risk.band === band).length])),
    foreign: all.some(({ risk }) => !risk.local),
    at: all.map(({ risk }) => risk.at).sort().at(-1) ?? null,
  };
}

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Given>} */
export async function risks({ url, view, days }) {
  if (view.me.position === "admin") return null;
  await view.need("open");
  const own = !view.me.judges;
  const asked = askedOf(url);
  const context = risksContext(risky(asked, view, own), asked, view, days, own);
  return { template: "shared/foresight/tasks.html", context, nav: "foresight", badges: badgesOf(view) };
}
