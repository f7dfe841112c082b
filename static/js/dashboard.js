// A dashboard that shows the state of now: it hears of news by server-sent events, and takes over the page anew. The wall also turns its panes.
import { Idiomorph } from "../vendor/idiomorph-0.8.0.js";

/** At most so often the page is fetched; so often in any case, should no news arrive (and a new day begin); so often while it can't be reached. */
const LEAST_MS = 2_000;
const ANYWAY_MS = 60_000;
const AGAIN_MS = 5_000;
/** A page that does not come by then does not come; a stream that says nothing for so long is dead. */
const PATIENCE_MS = 20_000;
const SILENT_MS = 45_000;
/** So long the wall shows a pane. */
const PANE_MS = 15_000;
const CLOCK_MS = 1_000;
/** What this script says of the page, and what whoever looks at it has opened. */
const KEPT = ["data-lives", "data-turns", "data-shown", "open", "hidden"];
const CLOCK = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });

/** @type {EventSource | null} */
let source = null;
/** When the stream was opened or spoke last, when the page was asked for last, when the wall turned last. */
let heard = 0;
let asked = 0;
let turned = 0;
let running = false;
/** Whether the last look failed. */
let lost = false;
let paused = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @returns {HTMLElement | null} */
const board = () => document.querySelector("#board[data-live]");
const isWall = () => document.body.classList.contains("wall");

/** Says how it stands: the dot for a stream that is open, the words for numbers that may be old. */
function mark() {
  const shown = board();
  if (!shown) return;
  shown.toggleAttribute("data-lives", !lost && source?.readyState === EventSource.OPEN);
  for (const one of shown.querySelectorAll(".board-lost")) one.toggleAttribute("hidden", !lost);
  const clock = shown.querySelector("[data-clock]");
  if (clock) clock.textContent = CLOCK.format(new Date());
}

/** The page as it is now, put in the place of what is shown; one of another release is loaded anew. */
async function refresh() {
  const shown = board();
  if (!shown || running || document.hidden) return;
  running = true;
  asked = Date.now();
  const address = location.href;
  try {
    // The header says that nobody did anything: a screen does not keep its own session alive.
    const answer = await fetch(address, { headers: { Accept: "text/html", "Soviec-Refresh": "1" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Another page may have been opened meanwhile.
    if (address !== location.href || board() !== shown) return;
    const place = /** @type {HTMLElement | null} */ (fresh.querySelector("#board[data-live]"));
    if (place && place.dataset.version === shown.dataset.version) {
      Idiomorph.morph(shown, place, { morphStyle: "outerHTML", restoreFocus: true, callbacks: { beforeAttributeUpdated: (name) => !KEPT.includes(name) } });
      lost = false;
      turn(0);
    } else if (place || answer.ok || answer.status === 404) {
      // A new release, signed out, or taken back: whatever the address says now.
      location.reload();
    } else {
      // The error of a server or of a proxy is no reason to lose the picture.
      lost = true;
    }
  } catch {
    lost = true;
  } finally {
    running = false;
    mark();
  }
}

/** Soon, but not too often. */
function wanted() {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), Math.max(0, asked + LEAST_MS - Date.now()));
}

function hush() {
  source?.close();
  source = null;
}

function listen() {
  hush();
  const shown = board();
  if (!shown || document.hidden) return;
  heard = Date.now();
  source = new EventSource(shown.dataset.live ?? "");
  const spoke = () => {
    heard = Date.now();
    mark();
  };
  source.addEventListener("open", spoke);
  // What happened while nobody listened.
  source.addEventListener("open", wanted);
  source.addEventListener("alive", spoke);
  source.addEventListener("changed", spoke);
  source.addEventListener("changed", wanted);
  // The browser comes back by itself to a stream that broke off, but not to one that was refused: the page says why.
  source.addEventListener("error", wanted);
}

/** Shows another pane of the wall: `by` 1 the next one, -1 the one before; 0 sees to it that one is shown. @param {number} by */
function turn(by) {
  const shown = board();
  if (!shown || !isWall()) return;
  const panes = [...shown.querySelectorAll("[data-pane]")];
  const at = panes.findIndex((one) => one.hasAttribute("data-shown"));
  const next = at < 0 ? 0 : (at + by + panes.length) % panes.length;
  shown.setAttribute("data-turns", "");
  if (by) turned = Date.now();
  panes.forEach((one, place) => one.toggleAttribute("data-shown", place === next));
  const said = document.querySelector("[data-at]");
  if (said) said.textContent = `${next + 1}/${panes.length}`;
  document.querySelector(".wall-turns")?.toggleAttribute("hidden", panes.length < 2);
}

/** The wall stops turning, and goes on. */
function pause() {
  paused = !paused;
  turned = Date.now();
  document.querySelector("[data-pause]")?.setAttribute("aria-pressed", String(paused));
}

/** Space stops the turning, arrows turn. @param {KeyboardEvent} event */
function onKey(event) {
  if (!isWall() || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
  // A button takes the space itself.
  const stops = event.key === " " && !(event.target instanceof Element && event.target.closest("button"));
  if (by) turn(by);
  else if (stops) pause();
  else return;
  event.preventDefault();
}

/** A screen on a wall does not go to sleep, where the browser lets us ask. */
async function stayAwake() {
  if (isWall() && !document.hidden) await navigator.wakeLock?.request("screen").catch(() => undefined);
}

/** Once a second. */
function beat() {
  if (!board() || document.hidden) return;
  const now = Date.now();
  if (now - heard > (source && source.readyState !== EventSource.CLOSED ? SILENT_MS : AGAIN_MS)) listen();
  if (now - asked > (lost ? AGAIN_MS : ANYWAY_MS)) void refresh();
  if (!paused && now - turned > PANE_MS) turn(1);
  mark();
}

/** A boosted link replaces the page under this script: it follows, and ends its stream where there is no board any more. */
function start() {
  if (!board()) return hush();
  if (!source) listen();
  turn(0);
  mark();
}

document.documentElement.classList.add("js");
asked = turned = Date.now();
document.addEventListener("htmx:afterSettle", start);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-pause]")) pause();
});
document.addEventListener("visibilitychange", () => {
  // A browser has few connections to a server: what nobody looks at keeps none.
  if (document.hidden) return hush();
  void stayAwake();
  start();
});
addEventListener("online", listen);
addEventListener("offline", () => {
  lost = true;
  mark();
});
addEventListener("pagehide", hush);
addEventListener("pageshow", start);
setInterval(beat, CLOCK_MS);
void stayAwake();
start();
