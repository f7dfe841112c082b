// Reports are the server's. Without a network the device shows the page as it was looked at last, and says when that was.
import { clockOf, dayOf } from "../base/time.js";
import { say } from "../base/words.js";
import { html, render } from "./answer.js";
import { addressOf, copyOf, forgetKept, isKept, keep, kept } from "./kept.js";
import { VERSION } from "./release.js";
import * as who from "./who.js";

/** @typedef {import("./serve.js").Asked} Asked */

/** Where a page says that it is a copy. */
const PLACE = '<div id="kept"></div>';
const ESCAPED = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };

/** @param {string} text @returns {string} */
const plain = (text) => text.replace(/&(?:amp|lt|gt|#34|#39);/g, (one) => ESCAPED[/** @type {keyof typeof ESCAPED} */ (one)]);

/** Whether a whole page of a report is asked for; what htmx adds to a list is none. @param {Asked} asked @returns {boolean} */
export function wantsReport({ request, url }) {
  const part = request.headers.get("HX-Request") === "true" && request.headers.get("HX-Boosted") !== "true";
  return request.method === "GET" && isKept(url.pathname) && !part;
}

/** @param {Date} at @returns {{time: string, day: string}} `14:05`, `22/11/2026` */
const when = (at) => ({ time: clockOf(at), day: dayOf(at).split("-").reverse().join("/") });

/**
 * Keeps a page that the server has just shown to the person that is signed in here.
 * @param {Asked} asked
 * @param {Response} answer a clone of it
 */
export async function keepReport({ url }, answer) {
  if (answer.status !== 200 || answer.redirected || answer.headers.get("Soviec-Version") !== VERSION) return;
  const text = await answer.text();
  const person = await who.current();
  if (!person || !text.includes(`data-me="${person.username}"`) || !text.includes(PLACE)) return;
  const title = plain(/<title>([^<]*)<\/title>/.exec(text)?.[1] ?? "").replace(/ · [^·]*$/, "");
  await keep(person.id, addressOf(url), text, title);
  // He may have signed out while it was written.
  const now = await who.current();
  if (now?.id !== person.id) await forgetKept(now?.id);
}

/** The copy of a page, for whoever looked at it himself; its forms carry this session's token. @param {Asked} asked @returns {Promise<Response | null>} */
export async function keptReport({ url }) {
  const person = await who.current();
  const copy = person && (await copyOf(person.id, addressOf(url)));
  if (!copy) return null;
  const said = render("shared/offline/kept.html", { said: say("report_page.kept", when(copy.at)) });
  const token = /data-csrf="([^"]+)"/.exec(copy.text)?.[1];
  const text = copy.text.replace(PLACE, () => said);
  return html(token && person.tokens[0] ? text.replaceAll(token, person.tokens[0]) : text);
}

/** What there is instead of a report that was not looked at here; null of any other page. @param {URL} url @returns {Promise<{href: string, title: string, when: string}[] | null>} */
export async function otherReports(url) {
  if (!isKept(url.pathname)) return null;
  const person = await who.current();
  const copies = person ? await kept(person.id) : [];
  return copies.map(({ href, title, at }) => ({ href, title, when: say("report_page.kept_at", when(at)) }));
}
