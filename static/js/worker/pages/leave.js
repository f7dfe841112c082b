// Signing out while something waits: the page that asks what is to become of it.
import { whenOf } from "./entries.js";

/** Entries that the page names. */
const NAMED = 10;

/**
 * @param {import("../desk.js").Desk} desk
 * @param {string} [problem] why it could not be sent first
 * @returns {Promise<import("../desk.js").Shown>}
 */
export async function leave({ view, store }, problem = "") {
  const { waiting, sending, rejected } = await store.counts();
  const all = view.entries();
  const entries = all.slice(0, NAMED).map((entry) => ({ label: entry.label, when: whenOf(entry, view) }));
  const context = { waiting: waiting + sending, rejected, problem, entries, more: all.length - entries.length };
  return { template: "shared/offline/leave.html", context, nav: "me", status: problem ? 409 : 200 };
}
