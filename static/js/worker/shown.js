// What is shown of messages: opened by a tap, read by it, and taken away when it was read elsewhere.
import { learn } from "../base/words.js";
import { enter } from "../outbox/entries.js";
import { localPath } from "./asked.js";
import { showNumber } from "./number.js";
import { shell } from "./release.js";
import { storeOf } from "./stores.js";
import * as who from "./who.js";

/** @typedef {import("../replica/store.js").Store} Store */
/** What a notification carries until it is tapped. @typedef {{link: string, task: string | null, kind: string, person: string, messages: string[]}} Carried */
/** Sends what waits and fetches what changed; `why` is for it to know. @typedef {(why: string) => Promise<void>} Sync */

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);
/** Where all messages stand. */
export const ALL = "/notices";
/** Several messages in one: the page that lists them says which were read. */
const BUNDLE = "bundle";
/** Tags of what is just arriving: a browser that finds nothing shown at the end of a push says something of its own. @type {Set<string>} */
export const arriving = new Set();

/** Sentences alone: what renders pages is not needed here. */
export const words = async () => learn((await shell()).words);

/** Whether a window shows it: a task has an address by its number, and one by its identifier. @param {string} url @param {{link: string, task: string | null}} about @returns {boolean} */
export function isAt(url, { link, task }) {
  const { pathname, search } = new URL(url);
  return pathname + search === link || (task !== null && pathname === `/tasks/${task}`);
}

/** Marks as read what the tap was about, through the outbox: it reaches the other devices also if there is no network now. @param {Carried} carried */
async function read({ kind, person, messages }) {
  if (kind === BUNDLE || !messages.length || (await who.current())?.id !== person) return;
  const store = await storeOf(person);
  const view = await store.view({ needs: ["notices"] });
  const unread = messages.filter((id) => !view.get("notice", id)?.read);
  if (!unread.length) return;
  await words();
  await enter(store, view, { name: "notice.read", args: { notices: unread } });
}

/** The window that is best for it: one that shows it already, the one in use, any. @param {readonly WindowClient[]} windows @param {Carried} carried @returns {WindowClient | undefined} */
const best = (windows, carried) => windows.find((one) => isAt(one.url, carried)) ?? windows.find((one) => one.focused) ?? windows.find((one) => one.visibilityState === "visible") ?? windows[0];

/** @param {Carried} carried */
async function open(carried) {
  const { link } = carried;
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const found = best(windows, carried);
  try {
    if (found) {
      // Some browsers bring a window forward only right after the tap; it shows the right page in any case.
      await found.focus().catch(() => undefined);
      if (isAt(found.url, carried) || (await found.navigate(link))) return;
    }
  } catch {
    // a window that this worker does not control can't be led: another one opens
  }
  await worker.clients.openWindow(link);
}

/** @param {NotificationEvent} event @param {Sync} sync */
export async function tapped({ notification }, sync) {
  notification.close();
  /** @type {Carried} */
  const carried = { task: null, kind: "", person: "", messages: [], ...notification.data, link: localPath(notification.data?.link ?? "", ALL) };
  const reading = read(carried).catch((error) => console.error("what was tapped could not be marked as read", error));
  await open(carried);
  await reading;
  await sync("notification");
}

/** Takes away what was read elsewhere, and puts the number right. @param {Store} store */
export async function tidyShown(store) {
  const shown = (await worker.registration.getNotifications?.()) ?? [];
  if (shown.length) {
    const view = await store.view({ needs: ["notices"] });
    for (const one of shown) {
      if (arriving.has(one.tag)) continue;
      const { messages = [], person = "" } = one.data ?? {};
      if (person === store.person && messages.length && messages.every((/** @type {string} */ id) => view.get("notice", id)?.read)) one.close();
    }
  }
  await showNumber(store);
}
