// A dashboard that shows the state of now: it hears of news by server-sent events, and takes over the page anew. The wall also turns its panes.
import { Idiomorph } from "../vendor/idiomorph-0.8.0.js";

/** At most so often the page is fetched, and so often in any case, should no news arrive. */
const LEAST_MS = 2_000;
const ANYWAY_MS = 60_000;
/** So long the wall shows a pane. */
const PANE_MS = 15_000;
const CLOCK_MS = 1_000;

/** @type {EventSource | null} */
let source = null;
let asked = 0;
let running = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @returns {HTMLElement | null} */
const board = () => document.querySelector("#board[data-live]");

/** @param {boolean} lives */
function show(lives) {
  const shown = board();
  if (!shown) return;
  shown.toggleAttribute("data-lives", lives);
  for (const one of shown.querySelectorAll(".board-lost")) one.toggleAttribute("hidden", lives);
}

/** The page as it is now, put in the place of what is shown; a wall of another release is loaded anew. */
async function refresh() {
  const shown = board();
  if (!shown || running || document.hidden) return;
  running = true;
  asked = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const place = /** @type {HTMLElement | null} */ (fresh.querySelector("#board[data-live]"));
    if (!place || (shown.dataset.version && place.dataset.version !== shown.dataset.version)) {
      // Signed out, taken back, or a new release: whatever the address says now. A proxy's error is no reason to lose the picture.
      if (answer.ok || answer.status === 404) location.reload();
      return;
    }
    Idiomorph.morph(shown, place, {
      morphStyle: "outerHTML",
      restoreFocus: true,
      callbacks: { beforeAttributeUpdated: (/** @type {string} */ name) => !["data-lives", "data-turns", "data-shown", "open", "hidden"].includes(name) },
    });
    show(source?.readyState === EventSource.OPEN);
    tick();
  } catch {
    show(false);
  } finally {
    running = false;
  }
}

/** Soon, but not too often. */
function wanted() {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), Math.max(0, asked + LEAST_MS - Date.now()));
}

function listen() {
  const shown = board();
  source?.close();
  source = null;
  if (!shown) return;
  source = new EventSource(shown.dataset.live ?? "");
  source.addEventListener("open", () => {
    show(true);
    wanted();
  });
  source.addEventListener("changed", wanted);
  source.addEventListener("error", () => show(false));
}

/** The clock, and the end of a page that was left. */
function tick() {
  const clock = board()?.querySelector("[data-clock]");
  if (clock) clock.textContent = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
}

/** The next pane of the wall. */
function turn() {
  const shown = board();
  const panes = [...(shown?.querySelectorAll("[data-pane]") ?? [])];
  if (!shown || !document.body.classList.contains("wall") || panes.length < 2) return;
  const at = panes.findIndex((one) => one.hasAttribute("data-shown"));
  shown.setAttribute("data-turns", "");
  for (const one of panes) one.removeAttribute("data-shown");
  panes[(at + 1) % panes.length].setAttribute("data-shown", "");
}

/** A screen on a wall does not go to sleep, where the browser lets us ask. */
async function stayAwake() {
  if (!document.body.classList.contains("wall") || document.hidden) return;
  await navigator.wakeLock?.request("screen").catch(() => undefined);
}

let address = "";

function start() {
  // A boosted link replaces the page under this script: it follows, and ends its stream where there is no board any more.
  const shown = board();
  if (!shown) {
    source?.close();
    source = null;
    address = "";
    return;
  }
  if (address !== location.pathname) {
    address = location.pathname;
    listen();
  }
  tick();
  if (!shown.hasAttribute("data-turns")) turn();
}

document.documentElement.classList.add("js");
document.addEventListener("htmx:afterSettle", start);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  void stayAwake();
  wanted();
});
addEventListener("online", listen);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => {
  if (event.persisted) listen();
});
setInterval(() => {
  if (Date.now() - asked > ANYWAY_MS) void refresh();
}, ANYWAY_MS / 4);
setInterval(tick, CLOCK_MS);
setInterval(turn, PANE_MS);
void stayAwake();
start();
