// Messages that arrive, also while the app is closed: shown, and what they speak of is fetched.
import { say } from "../base/words.js";
import { localPath } from "./asked.js";
import { ALL, arriving, isAt, tapped, words } from "./shown.js";
import { storeOf } from "./stores.js";
import { renew } from "./subscription.js";
import * as who from "./who.js";

/** @typedef {import("./shown.js").Carried} Carried */
/** @typedef {import("./shown.js").Sync} Sync */

/**
 * What server/notify/webpush/seal.py sends. A worker of an older release gets what a newer server says: fields may come, none goes or changes.
 * @typedef {{id: string, kind: string, tag: string, title: string, body: string, link: string, task: string | null, person: string, messages: string[], at: number}} Letter
 */
/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);
const ICON = "/static/icons/any-192.png";
const MARK = "/static/icons/mark-96.png";
/** @param {PushEvent} event @returns {Letter | null} null: nothing, or nothing that this release can read */
function letterOf(event) {
  try {
    const said = event.data?.json();
    if (!said || typeof said.title !== "string") return null;
    const messages = Array.isArray(said.messages) ? said.messages.filter((/** @type {unknown} */ one) => typeof one === "string") : [];
    return { id: "", kind: "", body: "", task: null, at: Date.now(), ...said, tag: String(said.tag ?? ""), link: String(said.link ?? ALL), messages };
  } catch {
    return null;
  }
}

/** Whether all of it was read already, here or on another device. @param {Letter} letter @returns {Promise<boolean>} */
async function isRead(letter) {
  if (!letter.messages.length) return false;
  const view = await (await storeOf(letter.person)).view({ needs: ["notices"] });
  return view.complete && letter.messages.every((id) => view.get("notice", id)?.read);
}

/** Whether its page is before the person's eyes. @param {Letter} letter @returns {Promise<boolean>} */
async function isSeen(letter) {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.some((one) => one.focused && isAt(one.url, letter));
}

/** A browser wants something shown for every push: what says nothing new is shown without a sound. @param {Letter} letter @param {boolean} quietly */
async function show(letter, quietly) {
  const link = localPath(letter.link, ALL);
  /** @type {Carried} */
  const data = { link, task: letter.task, kind: letter.kind, person: letter.person, messages: letter.messages };
  /** @type {any} */
  const options = { body: letter.body, tag: letter.tag, renotify: Boolean(letter.tag) && !quietly, silent: quietly, icon: ICON, badge: MARK, lang: "vi", timestamp: letter.at, data };
  options.actions = [{ action: "open", title: say("notify.push.open") }];
  await worker.registration.showNotification(letter.title, options);
}

/** What no one here may read: that there is something, and nothing of it. @param {string} body */
async function showBare(body) {
  /** @type {Carried} */
  const data = { link: ALL, task: null, kind: "", person: "", messages: [] };
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
    const quietly = (await isRead(letter).catch(() => false)) || (await isSeen(letter));
    await show(letter, quietly);
    // Now, so that the task is on the device when the person opens it in the cellar.
    return await sync("push");
  } finally {
    arriving.delete(letter.tag);
  }
}

/** @param {Sync} sync */
export function startPush(sync) {
  worker.addEventListener("push", (event) => event.waitUntil(pushed(event, sync)));
  worker.addEventListener("notificationclick", (event) => event.waitUntil(tapped(event, sync)));
  worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(renew(event.oldSubscription, event.newSubscription)));
}
