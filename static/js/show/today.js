// The context of Hôm nay: the mirror of `today_context` in server/tasks/show/lists.py and of `mine_now` in server/tasks/queries/lists.py.
import { later, weekday } from "../base/time.js";
import { say } from "../base/words.js";
import { orderOf } from "../replica/numbers.js";
import { card } from "./cards.js";
import { OPEN, compared, isOverdue, longDay } from "./values.js";
import { decisionsIn, waitingFor } from "./waiting.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */
/** @typedef {{task: any, role: "lead" | "collaborator", part: number, state: string, verdict: string}} Mine */

const LIMIT = 200;
/** Tasks that a section shows before it leads to the list. */
const FEW = 12;
const HREFS = /** @type {const} */ ({
  late: "/tasks?whose=mine&status=overdue",
  returned: "/tasks?whose=mine",
  soon: "/tasks?whose=mine&status=soon",
  rest: "/tasks?whose=mine",
  submitted: "/tasks?whose=mine&status=submitted",
});

/** Without a due date last, then the earliest, then in order of numbers. @param {any} a @param {any} b @returns {number} */
export const byDue = (a, b) => compared(!a.due, !b.due) || compared(a.due, b.due) || compared(orderOf(a), orderOf(b));

/** The open tasks that the person is on, with his part; the most pressing first. @param {View} view @returns {Mine[]} */
function mineNow(view) {
  /** @type {Mine[]} */
  const found = [];
  for (const task of view.open()) {
    if (!OPEN.includes(task.status)) continue;
    const verdict = () => view.lastVerdict(task.id, view.person);
    if (task.lead === view.person) {
      found.push({ task, role: "lead", part: task.lead_percent ?? 0, state: task.lead_state ?? "", verdict: verdict() });
      continue;
    }
    const part = task.collaborators.find((/** @type {any} */ one) => one.person === view.person);
    if (part) found.push({ task, role: "collaborator", part: part.percent, state: part.state, verdict: verdict() });
  }
  return found.sort((a, b) => byDue(a.task, b.task)).slice(0, LIMIT);
}

/** @param {Mine} one @param {View} view @param {string} soonest the last day that is soon @returns {keyof typeof HREFS} */
function sectionOf({ task, verdict }, view, soonest) {
  if (task.status === "submitted") return "submitted";
  if (isOverdue(task.status, task.due, view.today)) return "late";
  if (verdict === "return" && task.status === "in_progress") return "returned";
  return task.due && task.due <= soonest && task.status !== "paused" ? "soon" : "rest";
}

/**
 * `stats` and `sections`: what is overdue, due soon, returned to me, waiting for me, and the rest of my open work. Wants `need("mine")`.
 * @param {View} view
 * @param {WorkingDays} days
 */
export function todayContext(view, days) {
  const mine = mineNow(view);
  const waiting = waitingFor(view);
  const weekEnd = later(view.today, 6 - weekday(view.today));
  const soon = days.add(view.today, 2);
  /** @type {Record<keyof typeof HREFS, ReturnType<typeof card>[]>} */
  const groups = { late: [], returned: [], soon: [], rest: [], submitted: [] };
  for (const one of mine) {
    const { task, role, part, state, verdict } = one;
    const why = verdict === "return" && task.status === "in_progress" ? say("tasks.show.returned") : state === "handed_back" ? say("tasks.show.handed_back") : "";
    const percent = role === "lead" ? task.percent : part;
    groups[sectionOf(one, view, soon > weekEnd ? soon : weekEnd)].push(card(task, view, days, { role: say(`tasks.role.${role}`), why, percent }));
  }
  const decisions = decisionsIn(waiting);
  const stats = [
    { number: String(groups.late.length), label: say("tasks.today.late"), href: HREFS.late, kind: groups.late.length ? "late" : "" },
    { number: String(groups.soon.length), label: say("tasks.today.soon"), href: HREFS.soon, kind: groups.soon.length ? "soon" : "" },
    view.me.judges
      ? { number: String(decisions), label: say("tasks.today.waiting"), href: "/reviews", kind: decisions ? "review" : "" }
      : { number: String(mine.length), label: say("tasks.today.open"), href: HREFS.rest, kind: "" },
  ];
  return {
    day: longDay(view.today),
    hello: view.me.name,
    stats,
    decisions,
    decision_kinds: Object.entries(waiting)
      .filter(([, some]) => some.length)
      .map(([kind, some]) => ({ label: say(`tasks.waiting.${kind}`), count: some.length, href: `/reviews#${kind}` })),
    sections: /** @type {(keyof typeof HREFS)[]} */ (Object.keys(HREFS))
      .filter((key) => groups[key].length)
      .map((key) => ({
        key,
        title: say(`tasks.today.${key}_title`),
        tasks: groups[key].slice(0, FEW),
        more: Math.max(0, groups[key].length - FEW),
        href: HREFS[key],
      })),
    empty: { title: say("tasks.today.empty_title"), text: say("tasks.today.empty_text") },
  };
}
