// What a form has put into the outbox: from then on the outbox alone sends it, whatever goes wrong on the device afterwards.
import { say } from "../../base/words.js";
import { localPath } from "../asked.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../desk.js").Handler} Handler */
/** @typedef {import("../../base/types.js").Entry} Entry */

/** @type {WeakMap<Desk, Entry[]>} */
const claims = new WeakMap();

/** @param {Desk} desk @param {Entry} entry that this form has just put there */
export function claimed(desk, entry) {
  claims.set(desk, [...(claims.get(desk) ?? []), entry]);
}

/** @param {Desk} desk @param {Entry} entry that was taken back again */
export function unclaimed(desk, entry) {
  claims.set(desk, (claims.get(desk) ?? []).filter((one) => one.n !== entry.n));
}

/** The page that the form stood on. @param {Desk} desk @returns {string} */
function origin({ request, url }) {
  const from = request.referrer && new URL(request.referrer, url);
  return from && from.origin === url.origin ? localPath(from.pathname + from.search) : "/outbox";
}

/**
 * A form whose handler fails before it kept anything is the server's. One that fails afterwards is not: sent there as well, it would be done twice,
 * or, with a picture that was made smaller here, be refused as another mutation of the same name.
 * @param {Handler} handler
 * @returns {Handler}
 */
export const keptOnce =
  (handler) =>
  async (desk, ...names) => {
    try {
      return await handler(desk, ...names);
    } catch (error) {
      const kept = claims.get(desk) ?? [];
      if (!kept.length) throw error;
      console.error("a form was kept, but its page could not be made", error);
      const now = await Promise.all(kept.map((entry) => desk.store.entry(entry.n)));
      const refused = now.find((entry) => entry?.state === "rejected");
      const notice = refused ? { text: refused.message, kind: "error", undo: null } : { text: say("offline.saved"), kind: "info", undo: null };
      return { to: origin(desk), notice };
    }
  };
