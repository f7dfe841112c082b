// What an entry of the outbox changes at once: the few facts that are certain before the server has answered.
import { assign } from "./assign.js";
import { extend, handBack, progress, submit } from "./carry.js";
import { addItem, removeItem, setItem } from "./checklist.js";
import { create, propose } from "./create.js";
import { decide } from "./decide.js";
import { edit } from "./edit.js";
import { accept, decline } from "./insight.js";
import { read } from "./notices.js";
import { review, reviewUndo } from "./review.js";
import { bin, restore, status } from "./status.js";
import { comment, follow } from "./talk.js";

/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../view.js").View} View */
/** @typedef {(view: View, entry: Entry, args: any) => void} Effect */

/** @type {Record<string, Effect>} */
const EFFECTS = {
  "task.create": create,
  "task.propose": propose,
  "task.decide": decide,
  "task.edit": edit,
  "task.assign": assign,
  "task.progress": progress,
  "task.submit": submit,
  "task.review": review,
  "task.review_undo": reviewUndo,
  "task.status": status,
  "task.hand_back": handBack,
  "task.extend": extend,
  "task.comment": comment,
  "task.follow": follow,
  "task.bin": bin,
  "task.restore": restore,
  "checklist.set": setItem,
  "checklist.add": addItem,
  "checklist.remove": removeItem,
  "notice.read": read,
  "insight.accept": accept,
  "insight.decline": decline,
};

/**
 * Shows the effect of an entry in the view, on copies only. What it can't know stays as it was; where its task is not on the device, or the
 * name is of another release, nothing shows.
 * @param {View} view
 * @param {Entry} entry
 */
export function apply(view, entry) {
  EFFECTS[entry.name]?.(view, entry, entry.args);
}
