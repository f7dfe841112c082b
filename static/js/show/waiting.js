// What waits for this person's decision: the mirror of server/tasks/pages/waiting.py, from what the server said he may do.
import { RUNNING } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */
/** @typedef {{results: any[], proposals: any[], extensions: any[], hand_backs: any[]}} Kinds */
/** By kind; nothing at all for whom nothing can wait. @typedef {Kinds | Record<string, never>} Waiting */

/** As many as the server looks at. */
const LIMIT = 300;

/** @param {any} task @returns {boolean} whether something about it waits for somebody */
function undecided(task) {
  if (task.status === "submitted" || task.status === "proposed") return true;
  return RUNNING.includes(task.status) && (task.handed_back || Boolean(task.extension));
}

/**
 * What waits for this person, by kind, the oldest change first; what others decide is left out. Wants `need("open")`.
 * @param {View} view
 * @returns {Waiting}
 */
export function waitingFor(view) {
  if (!view.me?.judges) return {};
  /** @type {Kinds} */
  const waiting = { results: [], proposals: [], extensions: [], hand_backs: [] };
  const found = view.open().filter(undecided);
  found.sort((a, b) => Date.parse(a.changed_at) - Date.parse(b.changed_at));
  for (const task of found.slice(0, LIMIT)) {
    if (task.status === "submitted") {
      if (task.can.review) waiting.results.push(task);
    } else if (task.status === "proposed") {
      if (task.can.decide) waiting.proposals.push(task);
    } else if (task.extension) {
      if (task.can.decide_extension) waiting.extensions.push(task);
    } else if (task.can.assign_handed_back) waiting.hand_backs.push(task);
  }
  return waiting;
}

/** @param {Waiting} waiting @returns {number} */
export const decisionsIn = (waiting) => Object.values(waiting).reduce((sum, some) => sum + some.length, 0);

/** The numbers beside the places of the navigation; wants open tasks. @param {View} view @returns {Record<string, number>} */
export const badgesOf = (view) => ({ reviews: decisionsIn(waitingFor(view)) });
