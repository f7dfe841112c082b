// What the service worker tells every page, and how a page speaks to it.

/**
 * How it stands with the outbox and the network.
 * @typedef {{type: "state", person?: string, waiting: number, sending?: number, rejected: number, online: boolean, busy?: boolean, wait?: number, stopped?: string}} State
 */
/** @typedef {State | {type: "changed"}} Told */

const channel = "BroadcastChannel" in window ? new BroadcastChannel("soviec") : null;

/** @param {(told: Told) => void} heard */
export const onTold = (heard) => channel?.addEventListener("message", (event) => heard(event.data));

/** Says something to the worker, if there is one. @param {{type: "sync" | "status" | "hello", why?: string, person?: string}} said @returns {Promise<void>} */
export async function tell(said) {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.active?.postMessage(said);
}

/** @returns {boolean} whether the page shows somebody's work */
export const isSignedIn = () => Boolean(document.getElementById("frame")?.dataset.me);
