// Signing in and out: both are the server's; what is on the device follows.
import { say } from "../base/words.js";
import { respond } from "./answer.js";
import { forgetFiles } from "./attachments.js";
import { forgetKept } from "./kept.js";
import { leave } from "./pages/leave.js";
import { run } from "./run.js";
import { deskFor, fromServer, ready, unreachable } from "./serve.js";
import { forgetShared, sharesOf } from "./shared.js";
import { closeStore, storeOf } from "./stores.js";
import { leave as endMessages } from "./subscription.js";
import * as who from "./who.js";

/** @typedef {import("./serve.js").Asked} Asked */
/** @typedef {import("./who.js").Person} Person */

/** Addresses after which the session may be another one. @param {URL} url @param {string} method @returns {boolean} */
export const changesSession = (url, method) => (url.pathname === "/sign-in" && method === "POST") || (url.pathname === "/api/v1/session" && method !== "GET");

/** The server signs in or out; then it is asked who is there. @param {Asked} asked @returns {Promise<Response>} */
export async function change(asked) {
  try {
    const answer = await fromServer(asked);
    await who.verify();
    return answer;
  } catch {
    return unreachable(asked);
  }
}

/** What would be lost or left: all that the server has not taken. @param {Person} person @returns {Promise<number>} */
async function leftBy(person) {
  const { waiting, sending, rejected } = await (await storeOf(person.id)).counts();
  return waiting + sending + rejected;
}

/** Deletes what the person has on this device; with `keepOutbox`, all but what he has still to send. @param {string} person @param {boolean} keepOutbox */
async function wipe(person, keepOutbox) {
  const store = await storeOf(person);
  await store.wipe({ keepOutbox });
  await closeStore(person);
  await forgetFiles(person);
  await forgetKept();
  await forgetShared(person, (await sharesOf(person)).map((one) => one.id));
  if (!keepOutbox) await who.forget(person);
}

/** The page that asks what is to become of it; null before the first copy of this person's data, when there is no page to show. @param {Asked} asked @param {Person} person @param {string} [problem] @returns {Promise<Response | null>} */
async function askFirst(asked, person, problem) {
  await ready();
  const desk = await deskFor(asked, person);
  return desk && respond(desk, await leave(desk, problem));
}

/**
 * POST /sign-out. What waits is asked about first; the device is wiped only once the server has ended the session.
 * @param {Asked} asked
 * @returns {Promise<Response>}
 */
export async function signOut(asked) {
  const person = await who.current();
  if (!person) return change(asked);
  const kept = asked.request.clone();
  const chosen = String((await asked.request.clone().formData()).get("leave") ?? "");
  if (chosen === "send") await run(await storeOf(person.id), "sign-out").catch((error) => console.error(error));
  const left = await leftBy(person);
  if (left && chosen !== "keep" && chosen !== "discard") {
    const asks = await askFirst(asked, person, chosen === "send" ? say("web.device.leave_not_sent") : "");
    if (asks) return asks;
  }
  let answer;
  try {
    answer = await fromServer({ ...asked, request: kept });
  } catch {
    return (await askFirst(asked, person, say("web.device.leave_needs_network"))) ?? unreachable(asked);
  }
  if (answer.ok || answer.type === "opaqueredirect") {
    await who.verify();
    if (!(await who.current())) {
      await endMessages();
      await wipe(person.id, left > 0 && chosen !== "discard");
    }
  }
  return answer;
}
