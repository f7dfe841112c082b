// A page that is shown takes over what changed, without losing its place; never while somebody is in the middle of something.
import { Idiomorph } from "../vendor/idiomorph-0.8.0.js";
import { isBusy } from "./busy.js";
import { isSignedIn, onTold } from "./channel.js";
import { htmx, on } from "./htmx.js";
import { VERSION } from "./version.js";

/** Several changes at once are taken over together. */
const GATHER_MS = 300;
/** So often it is looked whether the person has finished. */
const AGAIN_MS = 2_000;
/** For which release this tab was loaded anew. */
const LOADED = "soviec.loaded";
/** A page that the device always has, for the numbers beside the places. */
const NUMBERS = "/notices?show=unread";
/** What opens and closes on the page belongs to whoever looks at it. */
const KEPT = ["open", "aria-expanded", "aria-current", "data-grown"];

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let running = false;
/** Whether something changed since the numbers beside the places were looked at. */
let stale = false;

/** The address of the list that stands on the page, also while a task of it is shown beside it. */
let list = "";

/** Whether the page is a task's, with its list beside it, not a list's. @param {Document} page */
const showsDetail = (page) => page.getElementById("main")?.classList.contains("shows-detail") ?? false;

/** Whether a page is made for whoever the one on the screen is. @param {Document} page */
const isOfMe = (page) => page.getElementById("frame")?.dataset.me === document.getElementById("frame")?.dataset.me;

/** The part of a page that is compared: a task's pane alone where one is shown, for the list beside it was loaded by itself. @param {Document} page */
const place = (page) => page.getElementById(showsDetail(page) ? "detail" : "main");

/** What somebody has lengthened by hand, and what says how much of it is shown, stay as they are. @param {Node} shown */
function isGrown(shown) {
  if (!(shown instanceof Element)) return false;
  // Not `.id`: a form with a field of the name "id" answers with that field.
  const id = shown.getAttribute("id") ?? "";
  return shown.hasAttribute("data-grown") || (id.endsWith("-pager") && Boolean(document.getElementById(id.slice(0, -6))?.hasAttribute("data-grown")));
}

/** @param {Element} shown @param {Element} fresh @param {"outerHTML" | "innerHTML"} [morphStyle] */
function morph(shown, fresh, morphStyle = "outerHTML") {
  Idiomorph.morph(shown, fresh, {
    // Not `ignoreActiveValue`: it leaves out all that is inside the focused element, and a tap beside a button focuses the whole pane. Fields are isBusy's.
    morphStyle,
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (old) => !isGrown(old),
      beforeAttributeUpdated: (name, element) => !KEPT.includes(name) && !(name === "class" && element.matches(".panel")),
    },
  });
}

/** A page of the device, with its release; null for any other answer: what changed in the replica is not on pages of the server. @param {string} address */
async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "Soviec-Version": VERSION, "Soviec-Refresh": "1" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected || answer.headers.get("Soviec-From") !== "device") return null;
  return { release: answer.headers.get("Soviec-Version") ?? VERSION, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

/** A page of another release is loaded anew, as a whole; once, in case that does not help. @param {string} release */
function loadAnew(release) {
  if (sessionStorage.getItem(LOADED) === release) return;
  sessionStorage.setItem(LOADED, release);
  location.reload();
}

/** The numbers beside the places follow also on a page of the server, and while somebody writes: they are in nobody's way. */
async function refreshNumbers() {
  stale = false;
  const page = (await fetched(NUMBERS))?.page;
  if (!page || !isOfMe(page)) return;
  for (const shown of document.querySelectorAll(".nav ul a")) {
    const now = page.querySelector(`.nav ul a[href="${shown.getAttribute("href")}"]`);
    if (now && now.innerHTML !== shown.innerHTML) shown.replaceChildren(...now.childNodes);
  }
}

/** Fetches the page that is shown, and takes over what is new in it. @returns {Promise<boolean>} whether it is up to date now */
async function refresh() {
  const address = location.pathname + location.search;
  const found = await fetched(address);
  if (!found) {
    await refreshNumbers();
    return true;
  }
  const { page, release } = found;
  const beside = showsDetail(page) && !showsDetail(document) && list ? (await fetched(list))?.page : null;
  // While the answer was on its way, another page may have been opened, or a field been entered.
  if (address !== location.pathname + location.search) return true;
  if (isBusy()) return false;
  if (release !== VERSION) {
    loadAnew(release);
    return true;
  }
  const fresh = place(page);
  const shown = fresh && document.getElementById(fresh.id);
  if (!shown || (showsDetail(document) && fresh.id === "main") || !isOfMe(page)) return true;
  morph(shown, fresh);
  for (const part of [".nav ul", ...(beside ? [".pane-list"] : [])]) {
    const [old, now] = [document.querySelector(part), (part === ".nav ul" ? page : /** @type {Document} */ (beside)).querySelector(part)];
    if (old && now) morph(old, now);
  }
  document.title = page.title;
  const now = document.getElementById("main");
  if (now) htmx()?.process(now);
  document.dispatchEvent(new CustomEvent("soviec:refreshed"));
  return true;
}

/** Remembers which list the page was opened as. */
function noteList() {
  if (!showsDetail(document) && !document.querySelector("#detail h1")) list = location.pathname + location.search;
}

/** "Xem thêm": what it lengthens. @param {CustomEvent} event */
function noteGrown({ detail }) {
  const { target, requestConfig } = detail;
  const more = target?.closest?.("li.more");
  const grown = requestConfig?.elt?.getAttribute?.("hx-swap") === "beforeend" ? target : more?.parentElement;
  grown?.setAttribute("data-grown", "");
}

/** @param {number} ms */
function soon(ms) {
  clearTimeout(timer);
  timer = setTimeout(tryNow, ms);
}

async function tryNow() {
  if (!isSignedIn()) return;
  if (running || document.hidden) return soon(AGAIN_MS);
  running = true;
  if (isBusy()) {
    if (stale) await refreshNumbers().catch(console.error);
    running = false;
    return soon(AGAIN_MS);
  }
  const done = await refresh().catch((error) => {
    console.error(error);
    return true;
  });
  running = false;
  if (!done) soon(AGAIN_MS);
}

/** A copy of a page of the server gives way to the page itself as soon as the server is there again. @param {import("./channel.js").Told} told */
function replaceCopy(told) {
  if (told.type === "state" && told.online && document.querySelector("#kept > *") && !isBusy()) location.reload();
}

export function startLive() {
  onTold(replaceCopy);
  onTold((told) => {
    if (told.type !== "changed") return;
    stale = true;
    soon(GATHER_MS);
  });
  // Before the swap: after it the button that was pressed is gone.
  on("htmx:beforeSwap", noteGrown);
  on("htmx:afterSettle", noteList);
  noteList();
}
