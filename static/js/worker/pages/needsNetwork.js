// The page that says that an address needs the network, what is kept, and what can be done without it.
import { deviceOf } from "./outbox.js";

/**
 * @param {import("../desk.js").Desk} desk
 * @param {{sent?: boolean, reports?: {href: string, title: string, when: string}[] | null}} [given] `sent`: a form was sent, and nobody has taken it; `reports`: a report was asked for, and these are here
 * @returns {Promise<import("../desk.js").Shown>}
 */
export async function needsNetwork(desk, { sent = false, reports = null } = {}) {
  const { waiting, sending, pulled } = await deviceOf(desk);
  const retry = desk.request.method === "GET" ? desk.url.pathname + desk.url.search : "";
  return { template: "shared/offline/none.html", context: { device: { waiting: waiting + sending, pulled }, retry, sent, reports }, nav: "", status: 503 };
}
