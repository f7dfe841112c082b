// What an entry of the outbox is, in one line for its author: "Báo cáo tiến độ 45 % – việc 26-014 Rà soát…".
import { say } from "../base/words.js";

/** @typedef {import("../replica/view.js").View} View */

const LONGEST = 80;

/** What was done, by the mutation's name. @type {Record<string, (args: any, view: View) => string>} */
const DEEDS = {
  "task.create": () => say("outbox.label.create"),
  "task.propose": () => say("outbox.label.propose"),
  "task.decide": (args) => (args.decision === "approve" ? say("outbox.label.approve") : say("outbox.label.decline")),
  "task.edit": () => say("outbox.label.edit"),
  "task.assign": (args, view) => say("outbox.label.assign", { name: nameOf(view, args.lead) }),
  "task.progress": (args) => say("outbox.label.progress", { percent: args.percent }),
  "task.submit": () => say("outbox.label.submit"),
  "task.review": (args) => (args.verdict === "accept" ? say("outbox.label.accept") : say("outbox.label.return")),
  "task.review_undo": () => say("outbox.label.review_undo"),
  "task.status": (args) => {
    if (args.to === "paused") return say("outbox.label.pause");
    if (args.to === "cancelled") return say("outbox.label.cancel");
    return say("outbox.label.resume");
  },
  "task.hand_back": () => say("outbox.label.hand_back"),
  "task.extend": (args) => say("outbox.label.extend", { due: dayText(args.due) }),
  "task.comment": (args) => say("outbox.label.comment", { text: short(args.text ?? "", 40) }),
  "task.follow": (args) => (args.on === false ? say("outbox.label.unfollow") : say("outbox.label.follow")),
  "task.bin": () => say("outbox.label.bin"),
  "task.restore": () => say("outbox.label.restore"),
  "notice.read": () => say("outbox.label.read"),
  "insight.accept": (args, view) => say("outbox.label.accept_proposal", { name: nameOf(view, view.get("proposal", args.proposal)?.receiver) }),
  "insight.decline": () => say("outbox.label.decline_proposal"),
  "checklist.set": (args, view) => say(args.done ? "outbox.label.check" : "outbox.label.uncheck", { item: itemOf(args, view) }),
  "checklist.add": (args) => say("outbox.label.add_item", { item: short(args.text ?? "", 40) }),
  "checklist.remove": (args, view) => say("outbox.label.remove_item", { item: itemOf(args, view) }),
};

/**
 * @param {string} name of the mutation
 * @param {any} args
 * @param {View} view with the task, where there is one
 * @returns {string}
 */
export function labelOf(name, args, view) {
  const what = DEEDS[name]?.(args, view) ?? say("outbox.label.other");
  const task = view.get("task", args.task ?? view.get("proposal", args.proposal)?.task);
  const title = short(task?.title ?? args.title ?? "", LONGEST);
  if (!title) return what;
  const number = String(task?.number ?? "").replace("#", "");
  return number ? say("outbox.label.on", { what, number, title }) : say("outbox.label.on_new", { what, title });
}

/** @param {any} args @param {View} view @returns {string} */
const itemOf = (args, view) => short(view.get("task", args.task)?.checklist.find((/** @type {any} */ one) => one.id === args.item)?.text ?? "", 40);

/** @param {View} view @param {string} person @returns {string} */
const nameOf = (view, person) => view.get("person", person)?.name ?? "";

/** @param {string | null | undefined} day @returns {string} */
const dayText = (day) => (day ? `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}` : say("tasks.due.none"));

/** On one line, cut at a word. @param {string} text @param {number} longest @returns {string} */
export function short(text, longest) {
  const letters = [...text.trim().replace(/\s+/g, " ")];
  if (letters.length <= longest) return letters.join("");
  const cut = letters.slice(0, longest).join("");
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), Math.floor(longest / 2))).trimEnd()}…`;
}
