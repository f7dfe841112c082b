// Messages that arrive while the app is closed: shown, brought up to date, opened by a tap.
import { learn, say } from "../base/words.js";
import { enter } from "../outbox/entries.js";
import { localPath } from "./asked.js";
import { showNumber } from "./number.js";
import { shell } from "./release.js";
import { storeOf } from "./stores.js";
import { renew } from "./subscription.js";
import * as who from "./who.js";

/** @typedef {import("../replica/store.js").Store} Store */

/**
 * What server/notify/webpush/seal.py sends. A worker of an older release gets what a newer server says: fields may come, none goes or changes.
 * @typedef {{id: string, kind: string, tag: string, title: string, body: string, link: string, person: string, messages: string[], at: number}} Letter
 */
/** What a notification carries until it is tapped. @typedef {{link: string, kind: string, person: string, messages: string[]}} Carried */

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);
const ICON = "/static/icons/any-192.png";
const MARK = "/static/icons/mark-96.png";
/** Where all messages stand. */
const ALL = "/notices";
/** Several messages in one: the page that lists them says which were read. */
const BUNDLE = "bundle";

/** Tags of what is just arriving: a browser that finds nothing shown at the end of a push says something of its own. @type {Set<string>} */
const arriving = new Set();

/** @param {PushEvent} event @returns {Letter | null} null: nothing, or nothing that this release can read */
function letterOf(event) {
  try {
    const said = event.data?.json();
    if (!said || typeof said.title !== "string") return null;
    const messages = Array.isArray(said.messages) ? said.messages.filter((/** @type {unknown} */ one) => typeof one === "string") : [];
    return { id: "", kind: "", body: "", at: Date.now(), ...said, tag: String(said.tag ?? ""), link: String(said.link ?? ALL), messages };
  } catch {
    return null;
  }
}

/** Sentences alone: what renders pages is not needed here. */
const words = async () => learn((await shell()).words);

/** Whether all of it was read already, here or on another device. @param {Letter} letter @returns {Promise<boolean>} */
async function isRead(letter) {
  if (!letter.messages.length) return false;
  const view = await (await storeOf(letter.person)).view({ needs: ["notices"] });
  return view.complete && letter.messages.every((id) => view.get("notice", id)?.read);
}

/** Whether its page is before the person's eyes. @param {string} link @returns {Promise<boolean>} */
async function isSeen(link) {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.some((one) => one.focused && addressOf(one.url) === link);
}

/** @param {string} url @returns {string} */
function addressOf(url) {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** A browser wants something shown for every push: what says nothing new is shown without a sound. @param {Letter} letter @param {boolean} quietly */
async function show(letter, quietly) {
  const link = localPath(letter.link, ALL);
  /** @type {Carried} */
  const data = { link, kind: letter.kind, person: letter.person, messages: letter.messages };
  /** @type {any} */
  const options = { body: letter.body, tag: letter.tag, renotify: Boolean(letter.tag) && !quietly, silent: quietly, icon: ICON, badge: MARK, lang: "vi", timestamp: letter.at, data };
  options.actions = [{ action: "open", title: say("notify.push.open") }];
  await worker.registration.showNotification(letter.title, options);
}

/** What no one here may read: that there is something, and nothing of it. @param {string} body */
async function showBare(body) {
  /** @type {Carried} */
  const data = { link: ALL, kind: "", person: "", messages: [] };
  await worker.registration.showNotification(say("notify.push.unreadable"), { body, tag: "soviec", icon: ICON, badge: MARK, lang: "vi", data });
}

/** @param {PushEvent} event @param {Sync} sync */
async function pushed(event, sync) {
  const letter = letterOf(event);
  await words();
  if (!letter) {
    await showBare(say("notify.push.open_to_read"));
    return sync("push");
  }
  if ((await who.remembered())?.id !== letter.person) {
    // It was meant for whoever was here before: the next one finds no address.
    await showBare(say("notify.push.not_yours"));
    await worker.registration.pushManager.getSubscription().then((subscription) => subscription?.unsubscribe());
    return undefined;
  }
  arriving.add(letter.tag);
  try {
    const quietly = (await isRead(letter).catch(() => false)) || (await isSeen(letter.link));
    await show(letter, quietly);
    // Now, so that the task is on the device when the person opens it in the cellar.
    return await sync("push");
  } finally {
    arriving.delete(letter.tag);
  }
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

/** The window that is best for it: one that shows it already, the one in use, any. @param {readonly WindowClient[]} windows @param {string} link @returns {WindowClient | undefined} */
const best = (windows, link) => windows.find((one) => addressOf(one.url) === link) ?? windows.find((one) => one.focused) ?? windows.find((one) => one.visibilityState === "visible") ?? windows[0];

/** @param {string} link */
async function open(link) {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const found = best(windows, link);
  try {
    if (found) {
      // Some browsers bring a window forward only right after the tap; it shows the right page in any case.
      await found.focus().catch(() => undefined);
      if (addressOf(found.url) === link || (await found.navigate(link))) return;
    }
  } catch {
    // a window that this worker does not control can't be led: another one opens
  }
  await worker.clients.openWindow(link);
}

/** @param {NotificationEvent} event @param {Sync} sync */
async function tapped({ notification }, sync) {
  notification.close();
  /** @type {Carried} */
  const carried = { link: ALL, kind: "", person: "", messages: [], ...notification.data };
  const reading = read(carried).catch((error) => console.error("what was tapped could not be marked as read", error));
  await open(localPath(carried.link, ALL));
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

/** Sends what waits and fetches what changed; `why` is for it to know. @typedef {(why: string) => Promise<void>} Sync */

/** @param {Sync} sync */
export function startPush(sync) {
  worker.addEventListener("push", (event) => event.waitUntil(pushed(event, sync)));
  worker.addEventListener("notificationclick", (event) => {
    const opening = tapped(event, sync);
    event.waitUntil(opening);
  });
  worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(renew(event.oldSubscription, event.newSubscription)));
}
