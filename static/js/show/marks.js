// The mark of a task that may be late: the mirror of server/tasks/show/marks.py.
import { say } from "../base/words.js";

/** @typedef {import("../replica/view.js").View} View */

/** Bands that are worth a mark, and their icons; "low" is silence. @type {Readonly<Record<string, string>>} */
const ICONS = Object.freeze({ high: "flag", watch: "eye" });
const SCORED = ["not_started", "in_progress"];

/** Whether somebody can still hasten it: open, with a due date that has not passed. @param {any} task @param {string} today @returns {boolean} */
export const isScored = (task, today) => SCORED.includes(task.status) && Boolean(task.due) && task.due >= today;

/**
 * What foresight says of a task; null where there is nothing to say, or the task is closed or late.
 * @param {any} task
 * @param {View} view
 * @returns {{band: string, icon: string, label: string, reasons: string[]} | null}
 */
export function riskMark(task, view) {
  if (!isScored(task, view.today)) return null;
  const risk = view.get("risk", task.id);
  const icon = risk && ICONS[risk.band];
  return icon ? { band: risk.band, icon, label: say(`insight.risk.band.${risk.band}`), reasons: risk.reasons } : null;
}
