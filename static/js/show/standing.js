// How a task stands, in the words of who brought it there: the mirror of server/tasks/show/standing.py.
import { say } from "../base/words.js";
import { moment, nameOf } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */
/** @typedef {import("./timeline.js").Happening} Happening */

/** Of a task in such a state, which entry says why. @type {Record<string, string>} */
const CAUSES = { paused: "pause", cancelled: "cancel", declined: "decline", proposed: "propose" };
/** The steps of a result; the newest of them says whether it came back. */
const RESULT = ["submit", "accept", "return", "take_back"];

/**
 * Why the task is paused, cancelled, declined, proposed or returned; null for one that simply goes on, and where the entry is older than `history`.
 * @param {View} view
 * @param {string} status
 * @param {Happening[]} history newest first
 * @returns {{title: string, reason: string, by: string, when: string, warns: boolean} | null}
 */
export function standing(view, status, history) {
  /** @type {Happening | undefined} */
  let found;
  if (status === "in_progress") {
    found = history.find((one) => RESULT.includes(one.action));
    if (found?.action !== "return") return null;
  } else {
    const cause = CAUSES[status];
    found = cause ? history.find((one) => one.action === cause) : undefined;
  }
  if (!found) return null;
  const title = status === "in_progress" ? "tasks.show.returned" : status === "proposed" ? "tasks.timeline.propose" : `tasks.status.${status}`;
  return { title: say(title), reason: found.reason, by: nameOf(view, found.person), when: moment(found.at, view.now), warns: status !== "proposed" };
}

/**
 * Whether the page has the form that was refused, so that the refusal stands there and not at the top.
 * @param {string} move
 * @param {Record<string, any>} values what had been entered
 * @param {any} context of the page
 * @returns {boolean}
 */
export function showsForm(move, values, context) {
  const can = context.can;
  if (move === "review") return context.reviewable.some((/** @type {any} */ one) => one.id === values["person"]);
  if (move === "decide") return Boolean(can.decide || can.decide_extension || can.assign_handed_back);
  if (move === "status") return Boolean({ paused: can.pause, cancelled: can.cancel }[String(values["to"] ?? "")]);
  if (move === "item" || move === "check") return Boolean(can.check || context.checklist.length);
  return ["progress", "submit", "extend", "hand_back", "bin", "comment"].includes(move) && Boolean(can[move]);
}
