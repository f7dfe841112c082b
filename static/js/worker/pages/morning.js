// GET /foresight: Dự báo, as `show_morning` in server/insight/pages/morning.py.
import { say } from "../../base/words.js";
import { boardOf } from "../../show/board.js";
import { card } from "../../show/cards.js";
import { address, dayCells, loadSummary } from "../../show/load.js";
import { proposalsContext, proposalsOf } from "../../show/proposals.js";
import { longDay, person } from "../../show/values.js";
import { badgesOf } from "../../show/waiting.js";
import { risky } from "./risks.js";

/** @typedef {import("../../show/board.js").Board} Board */
/** @typedef {import("../desk.js").Desk} Desk */

const RISKS = 5;
const PEOPLE = 5;
const PROPOSALS = 3;
const REASONS = 2;
const HEAVY = ["severe", "over", "watch"];

/** @param {Desk} desk @returns {Promise<import("../desk.js").Given>} */
export const morning = (desk) => showMorning(desk);

/** @param {Desk} desk @param {import("./load.js").Refused | null} [refused] @returns {Promise<import("../desk.js").Given>} */
export async function showMorning({ view, days }, refused = null) {
  await view.need("open");
  const board = boardOf(view, days, "");
  if (!board) return null;
  const own = board.scope.kind === "own";
  const leads = Boolean(view.me.judges);
  const tried = refused ? { proposal: refused.values.proposal ?? "", reason: refused.values.reason ?? "", message: refused.message } : null;
  const load = board.loads.get(view.person);
  const context = {
    day: longDay(view.today),
    leads,
    risks: risksOf(board, !leads),
    people: own ? null : peopleOf(board),
    own: own ? { ...loadSummary(load), days: dayCells(load, board) } : null,
    proposals: board.takers.size ? proposalsContext(proposalsOf(view), view, days, PROPOSALS, tried) : null,
    here: "/foresight",
  };
  return { template: "shared/foresight/morning.html", context, nav: "foresight", status: refused?.status ?? 200, badges: badgesOf(view) };
}

/** @param {Board} board @param {boolean} own */
function risksOf({ view, days }, own) {
  const found = risky({ band: "", unit: "", person: "", start: 0 }, view, own);
  const marked = found.rows.map((task) => card(task, view, days)).filter((one) => one.risk);
  const { high = 0, watch = 0 } = found.counts;
  return {
    entries: marked.slice(0, RISKS).map((one) => ({ ...one, risk: { ...one.risk, reasons: one.risk?.reasons.slice(0, REASONS) } })),
    said: high + watch ? say("insight.morning.risks", { high, watch }) : "",
    foreign: found.foreign && marked.length > 0,
    empty: { title: say("insight.morning.no_risks"), text: say("insight.morning.no_risks_text") },
  };
}

/** @param {Board} board */
function peopleOf({ scope, loads, view }) {
  const heavy = scope.people.flatMap((one) => loads.get(one.id) ?? []).filter((one) => HEAVY.includes(one.band));
  heavy.sort((one, other) => other.peak - one.peak);
  const watch = heavy.filter((one) => one.band === "watch").length;
  return {
    entries: heavy.slice(0, PEOPLE).map((one) => ({ ...loadSummary(one), id: one.person, person: person(view, one.person), href: address({ person: one.person }) })),
    count: heavy.length,
    said: heavy.length ? say("insight.morning.people", { over: heavy.length - watch, watch }) : "",
    empty: { title: say("insight.morning.no_people"), text: say("insight.morning.no_people_text") },
  };
}
