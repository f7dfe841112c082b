// The service worker: a second, small server for this device. Its events, and who takes care of each.
import { attachment, isFile, purge } from "./attachments.js";
import { tidyKept } from "./kept.js";
import { showNumber } from "./number.js";
import { startPush } from "./push.js";
import { fetchAll, file, tidy } from "./release.js";
import { run } from "./run.js";
import { answer, fromServer } from "./serve.js";
import { tidyShown } from "./shown.js";
import { change, changesSession, signOut } from "./sign.js";
import { isOnline, storeOf } from "./stores.js";
import * as who from "./who.js";

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);
/** Never through the worker: its own files, the protocol, what is no page, and the addresses that are secrets: the screen on the wall, the calendar. */
const PASSED = ["/sync/", "/api/", "/offline/", "/sw.js", "/manifest.webmanifest", "/healthz", "/wall", "/calendar/feed/", "/dashboard/live"];

/** Sends what waits and fetches what changed, for whoever is signed in. @param {string} why */
async function sync(why) {
  const person = (await who.doubtful()) ? await who.verify() : await who.current();
  if (!person) return;
  const store = await storeOf(person.id);
  const ran = await run(store, why);
  if (ran.stopped === "signed_out" || ran.stopped === "other_person") await who.verify();
  await purge(store);
  await tidyShown(store);
}

/** @param {URL} url */
const isStatic = (url) => url.pathname.startsWith("/static/");

/** @param {FetchEvent} event */
function onFetch(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (isStatic(url)) return event.respondWith(file(request));
  const later = (/** @type {Promise<unknown>} */ work) => event.waitUntil(work.catch((error) => console.error(error)));
  const asked = { request, url, client: event.clientId, later };
  if (changesSession(url, request.method)) return event.respondWith(change(asked).finally(() => later(sync("session"))));
  if (url.pathname === "/sign-out" && request.method === "POST") return event.respondWith(signOut(asked));
  if (PASSED.some((path) => url.pathname.startsWith(path))) return;
  if (isFile(url)) {
    if (request.method === "GET") event.respondWith(fileFor(asked));
    return;
  }
  const answered = answer(asked);
  event.respondWith(answered);
  if (request.mode === "navigate") later(tidy());
  // Only when the form has been taken is it known how much waits.
  if (request.method === "POST") later(answered.then(asLater).then(status));
}

/** @param {import("./serve.js").Asked} asked @returns {Promise<Response>} */
async function fileFor(asked) {
  const person = await who.current();
  if (!person) return fromServer(asked);
  return attachment(await storeOf(person.id), asked.request, asked.later);
}

/** Where the browser can, it wakes this worker when the network is back, even with no page open. */
async function asLater() {
  const { sync: woken } = /** @type {{sync?: {register(tag: string): Promise<void>}}} */ (/** @type {unknown} */ (worker.registration));
  await woken?.register("soviec").catch(() => undefined);
}

/** @param {ExtendableMessageEvent} event */
function onMessage(event) {
  const { type, why, person } = event.data ?? {};
  if (type === "sync") event.waitUntil(sync(why ?? "page"));
  if (type === "status") event.waitUntil(status());
  if (type === "hello") event.waitUntil(hello(person));
}

/** Tells every page how it stands, without trying anything. */
async function status() {
  const person = await who.current();
  if (!person) return;
  const store = await storeOf(person.id);
  const counts = await store.counts();
  const channel = new BroadcastChannel("soviec");
  channel.postMessage({ type: "state", person: person.id, ...counts, online: isOnline(), busy: false, stopped: "", wait: 0 });
  channel.close();
  await showNumber(store);
}

/** A page was opened. It says whom its cookie names, where a worker can't look itself. @param {string} [person] */
async function hello(person) {
  // A page that was on its way while this worker began has missed the claim of then.
  await worker.clients.claim();
  const known = await who.remembered();
  if (person === undefined ? false : person !== (known?.state === "in" ? known.id : "")) await who.verify();
  await tidy();
}

worker.addEventListener("install", (event) => event.waitUntil(fetchAll().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(Promise.all([worker.clients.claim().then(tidy), tidyKept()])));
worker.addEventListener("fetch", onFetch);
worker.addEventListener("message", onMessage);
worker.addEventListener("sync", (event) => /** @type {ExtendableEvent} */ (event).waitUntil(sync("woken")));
startPush(sync);
