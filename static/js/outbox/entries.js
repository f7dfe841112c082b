// Puts what somebody did into the outbox: its identifier, its time, its line of words; and lets go of refusals that are settled by it.
import { newId } from "../base/ids.js";
import { deviceStamp } from "../base/time.js";
import { onDisk } from "../replica/db.js";
import { forget } from "../replica/queue.js";
import { labelOf } from "./labels.js";

/** @typedef {import("../base/types.js").Entry} Entry */
/** @typedef {import("../replica/store.js").Store} Store */
/** @typedef {import("../replica/view.js").View} View */
/** @typedef {import("./photos.js").Ready} Ready */

/** What was done; `id` where the page has made the mutation's identifier, `form` what had been typed. @typedef {{name: string, args: any, id?: string | null, files?: Ready[], form?: Entry["form"], now?: Date}} Done */

/** The task that a mutation is about. @param {string} name @param {any} args @returns {string | null} */
export const taskOf = (name, args) => args.task ?? (name === "task.create" || name === "task.propose" ? args.id : null) ?? null;

/**
 * Claims that something was done: it is on the disk when this resolves, and an earlier refusal of the same that its author has seen is gone.
 * @param {Store} store
 * @param {View} view with the task
 * @param {Done} done
 * @returns {Promise<Entry>}
 * @throws {import("../replica/errors.js").Full} nothing was written
 */
export async function enter(store, view, { name, args, id, files, form = null, now = new Date() }) {
  const label = labelOf(name, args, view);
  const entry = await store.enqueue({ id: id ?? newId(), name, args, task: taskOf(name, args) ?? view.get("proposal", args.proposal)?.task ?? null, label, files, form, at: deviceStamp(now) });
  await supersede(store, entry);
  return entry;
}

/** What tells one thing from another of the same kind on the same task. @param {Entry} entry @returns {string} */
const about = ({ name, task, args }) => JSON.stringify([name, task, args.person ?? null, name.startsWith("checklist.") ? (args.item ?? args.text) : null, name === "task.status" ? args.to : null]);

const UNSENT = ["waiting", "rejected"];

/** To the end of the queue; what was refused because of what it hung on as a new mutation. @param {import("../replica/db.js").Database} db @param {Entry} entry */
async function behind(db, { n, ...entry }) {
  /** @type {Partial<Entry>} */
  const anew = entry.state === "rejected" ? { id: newId(), state: "waiting", seq: null, attempts: 0, code: "", message: "", shown: false } : {};
  await db.outbox.delete(n);
  await db.outbox.add(/** @type {Entry} */ ({ ...entry, ...anew }));
}

/**
 * A refusal that its author saw on the page from which he sent it is settled when he sends the same kind of thing for the same task again. What
 * hangs on it (a report on a task that was refused) hangs on the new entry now, and goes behind it.
 * @param {Store} store
 * @param {Entry} entry the new one
 * @returns {Promise<Entry[]>} what went
 */
export function supersede(store, entry) {
  const { db } = store;
  return onDisk(() =>
    db.transaction("rw", [db.outbox, db.blobs, db.state], async () => {
      const refused = await db.outbox.where("state").equals("rejected").toArray();
      const settled = refused.filter((one) => one.shown && one.n < entry.n && about(one) === about(entry));
      for (const one of settled) {
        for (const other of (await store.hanging(one.n)).slice(1)) if (other.n !== entry.n && UNSENT.includes(other.state)) await behind(db, other);
      }
      await forget(db, settled);
      return settled;
    }),
  );
}
