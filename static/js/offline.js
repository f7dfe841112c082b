// Registers the service worker; one leading tab keeps it sending and fetching.
import { isSignedIn, onTold, tell } from "./channel.js";
import { on } from "./htmx.js";
import { VERSION } from "./version.js";

/** While something waits: the first try after this long, later ones ever more rarely up to HEARTBEAT. */
const SOON_MS = 5_000;
const HEARTBEAT_MS = 60_000;
/** A browser looks for a new release by itself only when a page is loaded as a whole, which here may be days. */
const RELEASE_MS = 15 * 60_000;
const PERSISTED = "soviec.persisted";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let delay = SOON_MS;
let left = 0;
let leads = false;
let waitsToLead = false;
/** @type {EventSource | null} */
let events = null;
let looked = Date.now();

/** @param {string} why */
function poke(why) {
  if (isSignedIn()) tell({ type: "sync", why });
  plan(left ? delay : HEARTBEAT_MS);
}

/** @param {number} ms */
function plan(ms) {
  clearTimeout(timer);
  if (leads) timer = setTimeout(beat, ms);
}

function beat() {
  listen();
  poke("beat");
}

/** The server says when there is news; the browser connects again by itself unless it was refused. */
function listen() {
  if (!isSignedIn()) {
    events?.close();
    events = null;
  } else if (leads && navigator.onLine && (!events || events.readyState === EventSource.CLOSED)) {
    events = new EventSource("/sync/events");
    events.addEventListener("change", () => poke("event"));
    events.addEventListener("open", () => poke("open"));
  }
}

/** What still waits after a run is tried again soon, and then ever more rarely while nothing of it goes. */
function onState(/** @type {import("./channel.js").Told} */ told) {
  if (told.type !== "state") return;
  const waits = told.waiting + (told.sending ?? 0);
  if (told.busy) return;
  if (waits && told.stopped === "") delay = SOON_MS;
  else if (waits && waits >= left && told.stopped) delay = Math.min(HEARTBEAT_MS, delay * 1.5);
  else delay = SOON_MS;
  left = waits;
  plan(Math.max(told.wait ?? 0, waits ? delay : HEARTBEAT_MS));
  if (waits) persist();
}

/** After the first save the browser is asked not to clear this device's store. */
async function persist() {
  if (localStorage.getItem(PERSISTED)) return;
  localStorage.setItem(PERSISTED, "1");
  await navigator.storage?.persist?.().catch(() => false);
}

async function lookForRelease() {
  if (Date.now() - looked < RELEASE_MS) return;
  looked = Date.now();
  const registration = await navigator.serviceWorker.getRegistration();
  // Where the first installing failed (a line that broke, a full device), it is tried again.
  if (registration?.active) await registration.update().catch(() => undefined);
  else if (isSignedIn()) await register();
}

/** One tab of all keeps the worker going; when it is closed or dies, the next one takes the lock. */
function lead() {
  const hold = () =>
    new Promise(() => {
      leads = true;
      listen();
      poke("lead");
    });
  if ("locks" in navigator) navigator.locks.request("soviec-lead", hold).catch(() => undefined);
  else hold();
}

/** Whom the cookie names: in some browsers only a page can look. @returns {string} */
const named = () => /(?:^|;\s*)soviec_person=([^;]+)/.exec(document.cookie)?.[1] ?? "";

async function register() {
  try {
    await navigator.serviceWorker.register("/sw.js", { type: "module", scope: "/" });
  } catch {
    // a browser without module workers, or a full device: the server answers every page
    return;
  }
  await navigator.serviceWorker.ready;
  if (leads || waitsToLead) return;
  waitsToLead = true;
  tell({ type: "hello", person: named() });
  if (isSignedIn()) tell({ type: "status" });
  lead();
}

export function startOffline() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data?.type === "version") event.ports[0]?.postMessage(VERSION);
  });
  onTold(onState);
  // Signing in swaps the page without loading it anew: from then on there is something to listen to.
  on("htmx:afterSettle", () => {
    if (leads && isSignedIn() !== Boolean(events)) beat();
  });
  addEventListener("online", () => {
    listen();
    poke("online");
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    poke("visible");
    lookForRelease();
  });
  // The first visit stays light: the worker and its files come after the page.
  if (document.readyState === "complete") register();
  else addEventListener("load", () => register());
}
