// Nguy cơ: the mirror of server/insight/risk/show.py.
import { say } from "../base/words.js";
import { card } from "./cards.js";
import { choicesOf } from "./choices.js";
import { moment } from "./values.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */
/** What the address says: server/insight/risk/queries.py. @typedef {{band: string, unit: string, person: string, start: number}} Asked */

/** Tasks on one page of the list. */
export const PAGE = 30;
/** The tabs of the page: all, then the bands, the worst first. */
const TABS = ["", "high", "watch", "low"];

/** The page with these filters; what is default is left out. @param {Asked} asked @param {Partial<Asked>} [changes] @returns {string} */
function address(asked, changes = {}) {
  const { band, unit, person, start } = { ...asked, ...changes };
  const said = Object.entries({ band, unit, person, start: start ? String(start) : "" }).filter(([, value]) => value);
  const query = new URLSearchParams(said).toString();
  return `/foresight/tasks${query ? `?${query}` : ""}`;
}

/**
 * The context of the page.
 * @param {{rows: any[], more: boolean, counts: Record<string, number>, foreign: boolean, at: string | null}} found
 * @param {Asked} asked
 * @param {View} view
 * @param {WorkingDays} days
 * @param {boolean} own only tasks that he is on himself
 */
export function risksContext(found, asked, view, days, own) {
  const total = Object.values(found.counts).reduce((sum, one) => sum + one, 0);
  const empty = asked.band || asked.unit || asked.person ? "filtered" : own ? "own" : "none";
  const choices = own ? null : choicesOf(view);
  return {
    own,
    tasks: found.rows.map((one) => card(one, view, days)),
    tabs: TABS.map((one) => ({
      href: address(asked, { band: one, start: 0 }),
      label: say(`insight.risk.band.${one || "all"}`),
      count: one ? (found.counts[one] ?? 0) : total,
      current: asked.band === one,
    })),
    filters: { band: asked.band, unit: asked.unit, person: asked.person },
    choices: choices && { units: choices.units, people: choices.people },
    pages: {
      next: found.more ? address(asked, { start: asked.start + PAGE }) : "",
      first: asked.start ? address(asked, { start: 0 }) : "",
      label: say(found.more ? "insight.risk.shown_more" : "insight.risk.shown_all", { count: asked.start + found.rows.length }),
    },
    scored: found.at ? say("insight.risk.scored", { when: moment(found.at, view.now) }) : "",
    foreign: found.foreign,
    empty: { title: say(`insight.risk.empty.${empty}_title`), text: say(`insight.risk.empty.${empty}_text`) },
  };
}
