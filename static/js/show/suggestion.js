// Suggested scores beside what is reviewed, and what a report is compared with: the mirror of server/insight/score/show.py and pages.py.
import { dayOf } from "../base/time.js";
import { say } from "../base/words.js";
import { amount, nameOf } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */
/** A report that was sent before, and the day on which it came (`13/11`). @typedef {{text: string, whose: "own" | "colleague", day: string}} Before */

const FACTORS = ["progress", "quality", "frequency"];
const LISTS = [
  "done", "did", "finished", "next", "obstacle", "vague", "counted", "joining", "papers", "numbered", "days", "quarters", "weeks", "weekdays", "now",
  "calendar",
];
const HINTS = ["empty", "files_only", "short", "vague", "same_own", "same_colleague", "echo", "stuffed", "no_result", "no_figures", "good"];
const OWN = 30;
const COLLEAGUES = 20;

/**
 * What the server sent of the suggestions on a task, the last of each part, in the order of the people who are on it.
 * @param {View} view
 * @param {any} task
 * @param {boolean} [judged] whether the reviews of the task were read as well: then what the reviewer gave stands beside
 * @returns {any[]}
 */
export function suggestions(view, task, judged = true) {
  const people = [task.lead, ...task.collaborators.map((/** @type {any} */ one) => one.person)];
  const rows = view.of("suggestion", task.id);
  return people.flatMap((person) => {
    const own = rows.filter((one) => one.person === person);
    const last = own.find((one) => one.round === Math.max(...own.map((other) => other.round)));
    if (!last) return [];
    return {
      id: person,
      name: nameOf(view, person),
      total: whole(last.total),
      factors: FACTORS.map((key) => ({ key, points: whole(last[key]), reasons: last.reasons[key] ?? [] })),
      score: judged ? givenFor(view, task.id, person) : "",
    };
  });
}

/** A suggestion is no finer than whole points. @param {number} points */
const whole = (points) => String(Math.floor(points + 0.5));

/** What the reviewer gave, where the last word on the part is an acceptance with a score. @param {View} view @param {string} task @param {string} person */
function givenFor(view, task, person) {
  const last = view.reviewsOf(task).findLast((one) => one.person === person);
  return last?.verdict === "accept" && last.detail ? amount(last.score) : "";
}

/**
 * What the check of a report needs, as `GET /tasks/{id}/report-check` says it.
 * @param {View} view
 * @param {any} task
 * @param {any[]} own this person's reports of every task, as the server sent them
 * @returns {{title: string, earlier: Before[], lexicon: Record<string, string[]>, words: Record<string, string>}}
 */
export function reportCheck(view, task, own) {
  const others = view.of("report", task.id).filter((one) => one.person !== view.person);
  const waiting = view
    .entries()
    .filter((one) => one.state !== "rejected" && ["task.progress", "task.submit"].includes(one.name))
    .map((one) => ({ id: one.args.id, note: one.args.note, received: one.at }))
    .reverse();
  return {
    title: task.title,
    earlier: [...earlier([...waiting, ...newest(own)], "own").slice(0, OWN), ...earlier(newest(others), "colleague").slice(0, COLLEAGUES)],
    lexicon: Object.fromEntries(LISTS.map((name) => [name, say(`insight.lexicon.${name}`).split(", ")])),
    words: Object.fromEntries(HINTS.map((name) => [name, say(`insight.check.${name}`)])),
  };
}

/** @param {any[]} reports */
const newest = (reports) => [...reports].sort((one, other) => (keyOf(one) < keyOf(other) ? 1 : -1));

/** @param {any} one */
const keyOf = (one) => `${one.received ?? one.at} ${one.id}`;

/** @param {any[]} reports @param {"own" | "colleague"} whose @returns {Before[]} */
function earlier(reports, whose) {
  return reports
    .filter((one) => one.note)
    .map((one) => {
      const [, month, day] = dayOf(new Date(one.received ?? one.at)).split("-");
      return { text: one.note, whose, day: `${day}/${month}` };
    });
}
