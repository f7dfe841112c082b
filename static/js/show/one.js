// The context of a task's page: the mirror of server/tasks/show/one.py.
import { say } from "../base/words.js";
import { card, numberOf } from "./cards.js";
import { fileContexts } from "./files.js";
import { standing } from "./standing.js";
import { HISTORY, entry, part } from "./timeline.js";
import { CLOSED, amount, day, dueText, localDay, moment, nameOf, peopleGroups, person } from "./values.js";
import { assignable } from "./forms.js";

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {import("../replica/view.js").View} View */
/** @typedef {{person: string, role: "lead" | "collaborator", share: number, percent: number, state: string}} Part */

/** Every move that has a form on the page. */
export const MOVES = [
  "decide", "edit", "assign", "progress", "submit", "review", "pause", "resume", "cancel", "reopen", "hand_back", "extend", "comment",
  "check", "follow", "bin", "restore", "split",
];
/** What stands under "Thêm" on the page. */
const MENU = [
  "progress", "submit", "extend", "hand_back", "edit", "assign", "split", "pause", "resume", "reopen", "follow", "cancel", "bin",
  "decide_extension",
];
/** The one next thing, the first that is allowed. */
const NEXT = ["review", "decide", "decide_extension", "progress", "submit", "assign_handed_back", "resume", "restore"];
const PHRASES = ["progress", "submit", "return", "accept", "extend", "hand_back"];

/** Who is on a task now, the lead first. @param {any} task @returns {Part[]} */
export function partsOf(task) {
  /** @type {Part[]} */
  const others = task.collaborators.map((/** @type {any} */ one) => ({ ...one, role: "collaborator" }));
  if (!task.lead) return others;
  return [{ person: task.lead, role: "lead", share: task.lead_share ?? 0, percent: task.lead_percent ?? 0, state: task.lead_state ?? "active" }, ...others];
}

/**
 * Everything that `shared/tasks/task.html` shows, without what belongs to one showing of it (identifiers of forms, a refusal).
 * @param {View} view
 * @param {any} task as `View` has it
 * @param {WorkingDays} days
 * @param {string} [query] what the list was filtered by
 * @returns {any}
 */
export function taskContext(view, task, days, query = "") {
  const can = { ...task.can };
  const parts = partsOf(task);
  const mine = parts.find((one) => one.person === view.person);
  const people = peopleOn(view, task, parts);
  const reviewable = people.filter((one) => one.can_review);
  const { shown, more } = part(view, task.id);
  const history = shown.map((one) => entry(view, one));
  const next = NEXT.find((move) => can[move]) ?? "";
  const deleted = Boolean(task.deleted_at);
  return {
    task: {
      ...card(task, view, days),
      status: task.status,
      status_label: say(`tasks.status.${task.status}`),
      description: task.description,
      version: task.version,
      deleted,
      handed_back: task.handed_back,
      handed_back_reason: task.handed_back_reason,
      demo: task.demo,
    },
    can,
    next,
    has_menu: reviewable.length > 0 || MENU.some((move) => can[move] && move !== next),
    my_percent: mine ? mine.percent : task.percent,
    my_role: mine ? say(`tasks.role.${mine.role}`) : "",
    facts: factsOf(view, task, days),
    people,
    reviewable,
    submission: history.find((one) => one.action === "submit") ?? null,
    standing: deleted ? null : standing(view, task.status, shown.slice(0, HISTORY)),
    leads: can.decide ? peopleGroups(assignable(view), view) : [],
    due_iso: task.due ?? "",
    followers: task.followers.map((/** @type {string} */ one) => person(view, one)),
    following: task.followers.includes(view.person),
    checklist: task.checklist.map((/** @type {any} */ item) => ({
      id: item.id,
      text: item.text,
      done: Boolean(item.done),
      by: item.done && item.done_by ? `${nameOf(view, item.done_by)}, ${moment(item.done_at, view.now)}` : "",
    })),
    checklist_done: task.checklist.filter((/** @type {any} */ item) => item.done).length,
    children: view.childrenOf(task.id).slice(0, 200).map((one) => card(one, view, days)),
    parent: task.parent_task ? { number: numberOf(task.parent_task), title: task.parent_task.title, href: `/tasks/${task.parent}` } : null,
    extension: extensionOf(view, task.extension),
    source: task.source ? { number: task.source.number, date: day(task.source.date), issuer: task.source.issuer } : null,
    files: fileContexts(task),
    history,
    history_more: more,
    phrases: phrasesOf(PHRASES),
    list_href: `/tasks${query ? `?${query}` : ""}`,
    query,
    min_due: task.due && task.due > view.today ? task.due : view.today,
    refused: next || deleted ? "" : waitsFor(view, task),
    waits: task.waits ?? 0,
    refused_entries: refusedOf(view, task.id),
  };
}

/** What a task's product is called, with its coefficient, or "". @param {View} view @param {string | null} id @returns {string} */
export function productText(view, id) {
  const product = view.get("product", id);
  return product ? say("tasks.show.product", { name: product.name, k: amount(product.k) }) : "";
}

/** Ready phrases, by move. @param {string[]} moves @returns {Record<string, string[]>} */
export const phrasesOf = (moves) => Object.fromEntries(moves.map((move) => [move, say(`tasks.phrases.${move}`).split("|")]));

/** @param {View} view @param {any} task @param {WorkingDays} days @returns {{label: string, text: string}[]} */
function factsOf(view, task, days) {
  const overseer = person(view, task.overseer);
  const field = view.get("field", task.field);
  let due = day(task.due) || say(`tasks.due.${task.no_due || "none"}`);
  if (task.due && !CLOSED.includes(task.status)) due = `${due} (${dueText(task.due, null, view.today, days)})`;
  const giver = nameOf(view, task.assigner);
  const found = {
    due,
    due_text: task.due ? "" : task.due_text,
    start: day(task.start),
    completed: localDay(task.completed_at),
    assigner: task.delegate ? say("tasks.show.by_delegation", { name: nameOf(view, task.delegate), giver }) : giver,
    creator: task.creator === task.assigner || task.creator === task.delegate ? "" : nameOf(view, task.creator),
    overseer: overseer ? `${overseer.name} (${overseer.position})` : "",
    unit: view.get("unit", task.unit)?.name ?? "",
    field: field ? `${field.name} – ${field.group}` : "",
    product: productText(view, task.product),
    product_text: task.product_text,
    quantity: task.quantity === 1 ? "" : amount(task.quantity),
    kind: say(`tasks.kind.${task.kind}`),
    priority: say(`tasks.priority.${task.priority}`),
    outside_leads: task.outside_leads,
    outside_partners: task.outside_partners,
  };
  return Object.entries(found)
    .filter(([, text]) => text)
    .map(([name, text]) => ({ label: say(`tasks.field.${name}`), text }));
}

/** @param {View} view @param {any} task @param {Part[]} parts @returns {any[]} */
function peopleOn(view, task, parts) {
  return parts.flatMap((one) => {
    const shown = person(view, one.person);
    if (!shown) return [];
    const role = say(`tasks.role.${one.role}`);
    const share = `${Math.round(one.share * 1000) / 10} %`.replace(".", ",");
    const state = one.state === "active" ? "" : say(`tasks.part.${one.state}`);
    return {
      ...shown,
      role,
      is_lead: one.role === "lead",
      share,
      percent: one.role === "lead" ? task.percent : one.percent,
      state,
      can_review: task.reviewable.includes(one.person),
      note: [role, parts.length > 1 ? share : "", state].filter(Boolean).join(" · "),
    };
  });
}

/** A later due date that is asked for. @param {View} view @param {any} asked @returns {any} */
function extensionOf(view, asked) {
  if (!asked) return null;
  const old_due = day(asked.old_due) || say("tasks.due.none");
  return { by: nameOf(view, asked.person), due: day(asked.due), due_iso: asked.due, old_due, reason: asked.reason };
}

/** One sentence that says whose turn it is, for whoever has no next thing to do. @param {View} view @param {any} task @returns {string} */
function waitsFor(view, task) {
  if (task.status === "submitted" && task.lead) {
    return say("tasks.show.waits_review", { names: task.reviewers.map((/** @type {string} */ one) => nameOf(view, one)).join(", ") });
  }
  if (task.status === "proposed") return say("tasks.show.waits_decision");
  if (task.status === "completed") return say("tasks.show.is_done");
  if ((task.status === "not_started" || task.status === "in_progress") && task.lead) return say("tasks.show.waits_lead", { name: nameOf(view, task.lead) });
  return "";
}

/** What of a task the server has refused and its author has not seen to yet. @param {View} view @param {string} task */
const refusedOf = (view, task) =>
  view
    .entries(task)
    .filter((one) => one.state === "rejected")
    .map((one) => ({ label: one.label, message: one.message, href: "/conflicts" }));

/** A task as another page names it. @param {any} task */
export const namedTask = (task) => ({ id: task.id, number: numberOf(task), title: task.title });
