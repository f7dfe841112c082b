// Answers an address of the app: from the replica where it can, from the server where it must, and with a page that says so where neither is possible.
import { say } from "../base/words.js";
import { workingDays } from "../show/calendar.js";
import { html, load, render, respond } from "./answer.js";
import { needsNetwork } from "./pages/needsNetwork.js";
import { shell, VERSION } from "./release.js";
import { keepReport, keptReport, otherReports, wantsReport } from "./reports.js";
import { handlerFor } from "./routes.js";
import { contact, isOnline, storeOf } from "./stores.js";
import * as who from "./who.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./desk.js").Given} Given */
/** @typedef {import("./who.js").Person} Person */
/** One request: `client` is the window that asks, `later` takes what may go on after the answer. @typedef {{request: Request, url: URL, client: string, later: (work: Promise<unknown>) => void}} Asked */

let maxBytes = 0;
/** @type {Promise<void> | null} */
let loading = null;

/** Loads templates and words, once a start of the worker. @returns {Promise<void>} */
export function ready() {
  loading ??= shell()
    .then((release) => {
      maxBytes = release.max_bytes;
      return load(release);
    })
    .catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
}

/** Whether htmx asks, not the browser. @param {Request} request */
const byHtmx = (request) => request.headers.get("HX-Request") === "true";

/** Whether a part of a page is asked for; a boosted link asks for a whole one. @param {Request} request */
const forPart = (request) => byHtmx(request) && request.headers.get("HX-Boosted") !== "true";

/** Whether the page that asks was shown by another release than this worker's. @param {Request} request */
const isStale = (request) => byHtmx(request) && (request.headers.get("Soviec-Version") ?? VERSION) !== VERSION;

/** A page of another release is loaded anew, as a whole. @param {string} to @returns {Response} */
function loadAnew(to) {
  const answer = html("");
  answer.headers.set("HX-Redirect", to);
  return answer;
}

/**
 * What a page or form is given of this person's. Null before his first copy is complete.
 * @param {Asked} asked
 * @param {Person} person
 * @param {import("../replica/held.js").Need[]} [needs]
 * @returns {Promise<Desk | null>}
 */
export async function deskFor({ request, url, client }, person, needs = []) {
  const store = await storeOf(person.id);
  // The frame of every page says how many messages are not read.
  const view = await store.view({ needs: [...needs, "notices"] });
  if (!view.complete || !view.me) return null;
  // A page of another release takes no part of this one: it gets a whole page, which replaces it with its scripts and styles.
  const target = isStale(request) ? "" : (request.headers.get("HX-Target") ?? "");
  const csrf = person.tokens[0] ?? "";
  const refreshes = request.headers.has("Soviec-Refresh");
  return { url, request: request.clone(), view, store, days: workingDays(view), htmx: forPart(request), target, refreshes, online: isOnline(), maxBytes, csrf, client };
}

/**
 * Whether the form belongs to a session of this person: one that another person's page sends is the server's to judge.
 * @param {Request} request
 * @param {Person} person
 */
async function isHis(request, person) {
  const said = request.headers.get("X-CSRF-Token") ?? (await request.clone().formData()).get("csrf_token");
  return typeof said === "string" && person.tokens.includes(said);
}

/** What the device itself has to say to this; null where the server is asked. @param {Asked} asked @returns {Promise<Response | null>} */
async function fromDevice(asked) {
  const { request, url } = asked;
  const found = handlerFor(url, request.method);
  if (!found) return null;
  const person = await who.current();
  if (!person) return null;
  if (isStale(request) && request.method === "GET") return loadAnew(url.pathname + url.search);
  // A share from another app has no token: it only puts files aside until a task is chosen.
  if (request.method === "POST" && url.pathname !== "/share" && !(await isHis(request, person))) return null;
  await ready();
  const desk = await deskFor(asked, person, found.needs);
  if (!desk) return null;
  const given = await found.handler(desk, ...found.names);
  if (given === null) return null;
  if ((await who.current())?.id !== person.id) {
    // Signed out, or somebody else came, while this was looked up: no page of this person's. What was kept waits for him; it is not sent twice.
    return request.method === "POST" && "to" in given ? respond(desk, { to: given.to }) : null;
  }
  const answer = respond(desk, given);
  const to = answer.headers.get("Location");
  return isStale(request) && to ? loadAnew(to) : answer;
}

/** The page that says what needs the network; a short sentence for a part of a page. @param {Asked} asked @returns {Promise<Response>} */
export async function unreachable(asked) {
  const { request } = asked;
  await ready();
  if (byHtmx(request) && (request.method !== "GET" || (forPart(request) && request.headers.get("HX-Target") !== "detail"))) {
    return new Response(say("web.device.needs_network"), { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8", "Soviec-From": "device" } });
  }
  const person = await who.current();
  const desk = person && (await deskFor({ ...asked, request: new Request(request.url, { method: request.method }) }, person).catch(() => null));
  const sent = request.method !== "GET";
  const reports = sent ? null : await otherReports(asked.url).catch(() => null);
  if (desk) return respond(desk, await needsNetwork(desk, { sent, reports }));
  const around = { me: null, nav: [], page: "", csrf: "", asset_version: VERSION, notice: null };
  return html(render("shared/offline/none.html", { ...around, sent, reports, retry: sent ? "" : asked.url.pathname + asked.url.search }), 503);
}

/** Asks the server; what its answer says of who is signed in is noted. @param {Asked} asked @returns {Promise<Response>} */
export async function fromServer({ request, later }) {
  try {
    const answer = await fetch(request);
    contact(true);
    const person = answer.headers.get("Soviec-Person");
    if (answer.status === 401 || (person && person !== (await who.remembered())?.id)) later(who.verify());
    return answer;
  } catch (error) {
    contact(false);
    throw error;
  }
}

/** The last seen page of a report; null where there is none, or it can't be shown. @param {Asked} asked @returns {Promise<Response | null>} */
async function copied(asked) {
  try {
    await ready();
    return await keptReport(asked);
  } catch (error) {
    console.error(`the copy of ${asked.url.pathname} could not be shown`, error);
    return null;
  }
}

/**
 * The answer to an address of the app. A page that can't be made here is the server's; without one the person reads what there is.
 * @param {Asked} asked
 * @returns {Promise<Response>}
 */
export async function answer(asked) {
  const kept = asked.request.clone();
  try {
    const given = await fromDevice(asked);
    if (given) return given;
  } catch (error) {
    console.error(`${asked.request.method} ${asked.url.pathname} could not be answered here`, error);
  }
  const report = wantsReport(asked);
  try {
    const given = await fromServer({ ...asked, request: kept });
    if (report) asked.later(keepReport(asked, given.clone()));
    return given;
  } catch {
    return (report && (await copied(asked))) || unreachable(asked);
  }
}
