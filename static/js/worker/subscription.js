// By what address push services reach this device: ended when its person leaves, renewed when the browser changes it.
import { clearNumber } from "./number.js";

const PUSH = "/api/v1/push";
const SESSION = "/api/v1/session";

/** The worker's registration; nothing where this runs without a browser. @returns {ServiceWorkerRegistration | undefined} */
export const registered = () => /** @type {{registration?: ServiceWorkerRegistration}} */ (/** @type {unknown} */ (globalThis)).registration;

/** The person signs out here, or somebody else has come: nothing of his is shown on this device any more, even if the server never hears of it. */
export async function leave() {
  const registration = registered();
  try {
    const subscription = await registration?.pushManager?.getSubscription();
    await subscription?.unsubscribe();
    for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  } catch (error) {
    console.error("the messages of this device could not be ended", error);
  }
  await clearNumber();
}

/**
 * The browser has given the subscription up or another address: the server is told, in the name of whoever is signed in.
 * @param {PushSubscription | null | undefined} old
 * @param {PushSubscription | null | undefined} fresh
 */
export async function renew(old, fresh) {
  const headers = { Accept: "application/json" };
  const session = await fetch(SESSION, { headers, cache: "no-store" });
  if (!session.ok) return;
  const { csrf_token: token } = await session.json();
  const { on, key } = await (await fetch(PUSH, { headers, cache: "no-store" })).json();
  if (!on) return;
  const subscription = fresh ?? (await registered()?.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  if (!subscription) return;
  const { endpoint, keys } = subscription.toJSON();
  await fetch(PUSH, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify({ endpoint, keys, replaces: old?.endpoint ?? null }),
  });
}
