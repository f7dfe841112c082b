// The number on the app's icon: what the person has not read, what waits for his decision, what the server refused.
import { waitingFor } from "../show/waiting.js";

/** @typedef {import("../replica/store.js").Store} Store */
/** @typedef {import("../replica/view.js").View} View */

/** A task that waits for him and of which he was told counts once. Wants `need("open", "notices")`. @param {View} view @returns {number} */
export function numberOf(view) {
  const unread = view.all("notice").filter((one) => !one.read);
  const told = new Set(unread.map((one) => one.task));
  const waiting = Object.values(waitingFor(view)).flat();
  const refused = view.entries().filter((entry) => entry.state === "rejected");
  return unread.length + waiting.filter((task) => !told.has(task.id)).length + refused.length;
}

/** Sets it, where the browser has icons with numbers; before the first copy there is none. @param {Store} store */
export async function showNumber(store) {
  if (!("setAppBadge" in navigator)) return;
  const view = await store.view({ needs: ["open", "notices"] });
  if (!view.complete || !view.me) return;
  const number = numberOf(view);
  await (number ? navigator.setAppBadge(number) : navigator.clearAppBadge()).catch(() => undefined);
}

/** Nobody's work is on this device's icon any more. */
export async function clearNumber() {
  if ("clearAppBadge" in navigator) await navigator.clearAppBadge().catch(() => undefined);
}
