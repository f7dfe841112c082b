// The context of proposals: the mirror of server/insight/proposals/show.py and of `waiting_for` in proposals/queries.py.
import { newId } from "../base/ids.js";
import { say } from "../base/words.js";
import { thousandths } from "./board.js";
import { card } from "./cards.js";
import { effectOf } from "./load.js";
import { nameOf, OPEN, person } from "./values.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */
/** What had been typed when a refusal of a proposal was refused. @typedef {{proposal: string, reason: string, message: string}} Tried */

/** Those that wait, whose task still is the giver's, with their tasks. Wants `need("open")`. @param {View} view @returns {{proposal: any, task: any}[]} */
export function proposalsOf(view) {
  const tasks = new Map(view.open().filter((one) => OPEN.includes(one.status)).map((one) => [one.id, one]));
  return view
    .all("proposal")
    .map((proposal) => ({ proposal, task: tasks.get(proposal.task) }))
    .filter(({ proposal, task }) => task?.lead === proposal.giver)
    .sort((one, other) => one.proposal.sort - other.proposal.sort || (one.proposal.id < other.proposal.id ? -1 : 1));
}

/**
 * @param {{proposal: any, task: any}[]} waiting
 * @param {View} view
 * @param {WorkingDays} days
 * @param {number} most
 * @param {Tried | null} [tried]
 */
export function proposalsContext(waiting, view, days, most, tried = null) {
  const left = waiting.length - most;
  return {
    entries: waiting.slice(0, most).map(({ proposal, task }) => {
      const { id, giver, receiver, reasons, effect } = proposal;
      const mine = tried?.proposal === id ? tried : null;
      return {
        id,
        uid: `-${id}`,
        task: card(task, view, days),
        giver: person(view, giver),
        receiver: person(view, receiver),
        reasons,
        effect: [
          effectOf(nameOf(view, giver), thousandths(effect.giver_before), thousandths(effect.giver_after)),
          effectOf(nameOf(view, receiver), thousandths(effect.receiver_before), thousandths(effect.receiver_after)),
        ],
        reason: mine?.reason ?? "",
        message: mine?.message ?? "",
        accept: { mutation: newId() },
        decline: { mutation: newId() },
      };
    }),
    more: left > 0 ? say("insight.proposal.more", { count: left }) : "",
    ready: say("insight.proposal.reasons").split("|"),
    empty: { title: say("insight.proposal.empty_title"), text: say("insight.proposal.empty_text") },
  };
}
