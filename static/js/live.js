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
/** What opens and closes on the page belongs to whoever looks at it. */
const KEPT = ["open", "aria-expanded", "aria-current", "data-grown"];

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let running = false;

/** The part of a page that is compared: a task's pane alone where one is shown, for the list beside it was loaded by itself. @param {Document} page */
function place(page) {
  const main = page.getElementById("main");
  return main?.classList.contains("shows-detail") ? page.getElementById("detail") : main;
}

/** @param {Element} shown @param {Element} fresh */
function morph(shown, fresh) {
  Idiomorph.morph(shown, fresh, {
    // Not `ignoreActiveValue`: it leaves out all that is inside the focused element, and a tap beside a button focuses the whole pane. Fields are isBusy's.
    morphStyle: "outerHTML",
    restoreFocus: true,
    callbacks: {
      beforeAttributeUpdated: (name, element) => !KEPT.includes(name) && !(name === "class" && element.matches(".panel")),
    },
  });
}

/** Fetches the page that is shown, and takes over what is new in it. @returns {Promise<boolean>} whether it is up to date now */
async function refresh() {
  const address = location.pathname + location.search;
  const answer = await fetch(address, { headers: { Accept: "text/html", "Soviec-Version": VERSION }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected || (answer.headers.get("Soviec-Version") ?? VERSION) !== VERSION) return true;
  // Pages of the server alone are as they were: what changed in the replica is not on them.
  if (answer.headers.get("Soviec-From") !== "device") return true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // While the answer was on its way, another page may have been opened, or a field been entered.
  if (address !== location.pathname + location.search) return true;
  if (isBusy()) return false;
  const [shown, fresh] = [place(document), place(page)];
  if (!shown || !fresh || shown.id !== fresh.id || page.getElementById("frame")?.dataset.me !== document.getElementById("frame")?.dataset.me) return true;
  morph(shown, fresh);
  const [bar, freshBar] = [document.querySelector(".nav ul"), page.querySelector(".nav ul")];
  if (bar && freshBar) morph(bar, freshBar);
  document.title = page.title;
  const now = place(document);
  if (now) htmx()?.process(now);
  document.dispatchEvent(new CustomEvent("soviec:refreshed"));
  return true;
}

/** @param {number} ms */
function soon(ms) {
  clearTimeout(timer);
  timer = setTimeout(tryNow, ms);
}

async function tryNow() {
  if (!isSignedIn()) return;
  // A list that somebody has lengthened by hand stays as long as it is shown.
  if (document.querySelector("#main[data-grown]")) return;
  if (running || document.hidden || isBusy()) return soon(AGAIN_MS);
  running = true;
  const done = await refresh().catch((error) => {
    console.error(error);
    return true;
  });
  running = false;
  if (!done) soon(AGAIN_MS);
}

export function startLive() {
  onTold((told) => {
    if (told.type === "changed") soon(GATHER_MS);
  });
  on("htmx:afterSwap", ({ detail }) => {
    const inside = detail.target?.closest?.("#main");
    if (inside && detail.target.id !== "detail" && detail.target !== inside && detail.requestConfig?.verb === "get" && !detail.target.closest(".pane-list [hx-trigger]")) inside.dataset.grown = "";
  });
}
