// Messages on this device: whether they come, why not, and the button that asks for them (templates/notify/push.html).
import { isSignedIn } from "./channel.js";
import { on } from "./htmx.js";
import { words } from "./words.js";

const PATH = "/api/v1/push";
/** Whose messages this browser shows, by his user name, and when the server was last told of it. */
const OWNER = "soviec.push.owner";
const TOLD = "soviec.push.told";
/** A worker that has just been registered takes its time; where there can be none, nobody waits for ever. */
const READY_MS = 15_000;

/** @typedef {"closed" | "unsupported" | "iphone" | "denied" | "offline" | "off" | "on"} Standing */

/** @returns {HTMLElement | null} */
const place = () => document.querySelector("[data-push]");
const me = () => document.getElementById("frame")?.dataset.me ?? "";
/** The token of forms is of one session: when it changes, so has that. */
const token = () => document.getElementById("frame")?.dataset.csrf ?? "";
const isSupported = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const isApple = () => /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

/** What went wrong, in a sentence of the server's or of ours. */
class Problem extends Error {}

/** @returns {Promise<{on: boolean, key: string}>} */
async function ask() {
  const answer = await fetch(PATH, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Problem(words.pushFailed);
  return answer.json();
}

/** @param {string} path @param {object} said */
async function send(path, said) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": token() };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(said) });
  if (answer.ok) return;
  const refused = await answer.json().catch(() => null);
  throw new Problem(refused?.message ?? words.pushFailed);
}

/** @returns {Promise<ServiceWorkerRegistration>} */
function ready() {
  const late = new Promise((/** @type {(given: never) => void} */ _, reject) => setTimeout(() => reject(new Problem(words.pushNoWorker)), READY_MS));
  return Promise.race([navigator.serviceWorker.ready, late]);
}

/** What this browser has now. @returns {Promise<PushSubscription | null>} */
async function current() {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Whether a subscription was made with this key of the server. @param {PushSubscription} subscription @param {string} key */
function fits(subscription, key) {
  const made = subscription.options?.applicationServerKey;
  if (!made) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(made)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === key;
}

/** Subscribes, or says again that it is; `replaces` what the browser had before. @param {string} key */
async function subscribe(key) {
  const registration = await ready();
  let had = await registration.pushManager.getSubscription();
  const old = had?.endpoint ?? null;
  if (had && (localStorage.getItem(OWNER) !== me() || !fits(had, key))) {
    await had.unsubscribe();
    had = null;
  }
  const subscription = had ?? (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const { endpoint, keys } = subscription.toJSON();
  try {
    await send(PATH, { endpoint, keys, replaces: old === endpoint ? null : old });
  } catch (error) {
    // What the server does not know of would be a subscription that nobody can end.
    if (!had) await subscription.unsubscribe();
    throw error;
  }
  localStorage.setItem(OWNER, me());
  localStorage.setItem(TOLD, visit());
}

/** A day of one session: as often as the server is told that the browser is still there. */
const visit = () => `${new Date().toISOString().slice(0, 10)} ${token().slice(-8)}`;

/** @returns {Promise<Standing>} */
async function standing() {
  if (!isSupported()) return isApple() ? "iphone" : "unsupported";
  const said = await ask();
  if (!said.on) return "closed";
  if (Notification.permission === "denied") return "denied";
  const subscribed = Notification.permission === "granted" && localStorage.getItem(OWNER) === me() && (await current());
  return subscribed ? "on" : "off";
}

/** @param {Standing} now @param {string} [problem] */
function show(now, problem = "") {
  const here = place();
  if (!here) return;
  here.dataset.push = now;
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (here.querySelectorAll("[data-push-state]"))) one.hidden = one.dataset.pushState !== now;
  const line = /** @type {HTMLElement | null} */ (here.querySelector("[data-push-problem]"));
  if (!line) return;
  line.textContent = problem;
  line.hidden = !problem;
}

async function look(problem = "") {
  if (!place() || !isSignedIn()) return;
  show(await standing().catch(() => /** @type {Standing} */ ("offline")), problem);
}

/** Does what a button asks for; whatever goes wrong is said beside it. @param {HTMLButtonElement} button @param {() => Promise<string | void>} work */
async function press(button, work) {
  button.disabled = true;
  let problem = "";
  try {
    problem = (await work()) ?? "";
  } catch (error) {
    console.error(error);
    problem = error instanceof Problem ? error.message : words.pushFailed;
  }
  button.disabled = false;
  await look(problem);
}

/** The browser asks only now, after a tap and after our own words. @returns {Promise<string | void>} */
async function turnOn() {
  const allowed = await Notification.requestPermission();
  if (allowed === "default") return words.pushDismissed;
  if (allowed === "granted") await subscribe((await ask()).key);
}

async function turnOff() {
  const subscription = await current();
  localStorage.removeItem(OWNER);
  if (!subscription) return;
  // The browser first: what it has given up arrives nowhere, whether or not the server hears of it.
  const { endpoint } = subscription;
  await subscription.unsubscribe();
  await send(`${PATH}/end`, { endpoint });
}

/** @param {MouseEvent} event */
function onClick({ target }) {
  const button = target instanceof Element ? target.closest("[data-push-on], [data-push-off], [data-push-look]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  if (button.hasAttribute("data-push-on")) void press(button, turnOn);
  else if (button.hasAttribute("data-push-off")) void press(button, turnOff);
  else void look();
}

/** Once a day, and after somebody signed in: a subscription goes on in the new session, one of somebody else ends. */
async function renew() {
  if (!isSignedIn() || !isSupported() || Notification.permission !== "granted") return;
  const subscription = await current();
  if (!subscription) return;
  if (localStorage.getItem(OWNER) !== me()) {
    localStorage.removeItem(OWNER);
    await subscription.unsubscribe();
  } else if (localStorage.getItem(TOLD) !== visit()) {
    const { on: isOn, key } = await ask();
    if (isOn) await subscribe(key);
  }
}

/** For whom it was looked at last: signing in swaps the page without loading it anew. */
let seen = "";

function onPage() {
  void look();
  const now = `${me()} ${token()}`;
  if (now === seen) return;
  seen = now;
  // Without a network, or with a browser that wants a tap for it: the next visit tries again.
  renew().catch(() => undefined);
}

export function startPush() {
  document.addEventListener("click", onClick);
  on("htmx:afterSettle", onPage);
  onPage();
}
