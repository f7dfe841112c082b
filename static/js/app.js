// Starts the scripts of a page, and teaches htmx what this product expects of it.
import { startCopy } from "./copy.js";
import { startForms } from "./forms.js";
import { on } from "./htmx.js";
import { startInstall } from "./install.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startNet } from "./net.js";
import { startNotices } from "./notices.js";
import { startOffline } from "./offline.js";
import { startPanels } from "./panels.js";
import { startPanes } from "./panes.js";
import { startPush } from "./push.js";
import { startReleases } from "./releases.js";
import { startSuggestion } from "./suggestion.js";
import { say, startToasts } from "./toast.js";
import { words } from "./words.js";

/** @returns {HTMLElement} the frame of the page that is shown now (a boosted link replaces it) */
const frame = () => /** @type {HTMLElement} */ (document.getElementById("frame"));

/** Writes carry the token of the page that is shown, also after a sign-in that swapped only the body. */
function sendToken(/** @type {CustomEvent} */ event) {
  if (event.detail.verb !== "get" && frame()?.dataset.csrf) event.detail.headers["X-CSRF-Token"] = frame().dataset.csrf;
}

/** A refused or failed request shows the server's page where it fits, and never replaces a form by a proxy's bare error. */
function judgeSwap(/** @type {CustomEvent} */ event) {
  const { detail } = event;
  if (!detail.isError) return;
  const text = String(detail.serverResponse);
  const ours = detail.xhr.getResponseHeader("Soviec-From") !== null;
  if (text.includes('id="frame"')) {
    detail.target = document.body;
    detail.swapOverride = "innerHTML";
    detail.selectOverride = "unset";
  } else if ((detail.xhr.status >= 500 && !ours) || !text.includes("<")) {
    detail.shouldSwap = false;
    // The device itself says in a sentence why there is no answer; a form that it could not keep (507) comes back as it was.
    say(ours && text ? text : words.broken, "error");
  }
}

/** A refused form keeps the address of the page it stands on: the address that it was posted to has no page. */
function keepAddress(/** @type {CustomEvent} */ event) {
  const { xhr, requestConfig, history } = event.detail;
  if (xhr.status < 400 || requestConfig.verb === "get") return;
  history.type = "replace";
  history.path = location.pathname + location.search;
}

/** After a page was swapped in, the keyboard and the screen reader start at its first error, or at its beginning. */
function takeFocus(/** @type {CustomEvent} */ event) {
  if (event.detail.target !== document.body) return;
  const start = document.querySelector('[aria-invalid="true"]') ?? document.querySelector("[autofocus]") ?? document.getElementById("main");
  /** @type {HTMLElement | null} */ (start)?.focus({ preventScroll: start?.id === "main" });
}

/** Takes away what a link [data-toggles] had loaded into the page; the keyboard goes back to that link. */
function closePlace(/** @type {Element | null} */ place) {
  const link = /** @type {HTMLElement | null} */ (document.querySelector(`[data-toggles="${place?.id}"]`));
  place?.replaceChildren();
  link?.setAttribute("aria-expanded", "false");
  link?.focus();
}

/** Such a link closes again what it had opened, before htmx hears of the click. */
function toggle(/** @type {MouseEvent} */ event) {
  const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-toggles]"));
  const place = link && document.getElementById(link.dataset.toggles ?? "");
  if (!place?.childElementCount) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  closePlace(place);
}

/** What such a link has loaded takes the focus. */
function showPlace(/** @type {CustomEvent} */ event) {
  // A page that came back from the history has no target.
  const place = /** @type {Element | undefined} */ (event.detail.target);
  const link = place?.id && document.querySelector(`[data-toggles="${place.id}"]`);
  if (!link || !place.childElementCount) return;
  link.setAttribute("aria-expanded", "true");
  /** @type {HTMLElement | null} */ (place.querySelector("select, input:not([type=hidden])"))?.focus();
}

/** Menus close on Escape and on a click beside them; [data-closes], [data-opens] and [data-shows-password] do as they say. */
function handleClick(/** @type {MouseEvent} */ event) {
  const target = /** @type {Element} */ (event.target);
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.removeAttribute("open");
  const closes = target.closest("[data-closes]");
  if (closes) {
    const holder = closes.closest("dialog, [data-toast], [data-in-place]");
    if (holder instanceof HTMLDialogElement) holder.close();
    else if (holder?.hasAttribute("data-in-place")) closePlace(holder.parentElement);
    else holder?.remove();
  }
  const opens = /** @type {HTMLElement | null} */ (target.closest("[data-opens]"));
  const opened = opens && document.getElementById(opens.dataset.opens ?? "");
  if (opened instanceof HTMLDialogElement) opened.showModal();
  const eye = /** @type {HTMLElement | null} */ (target.closest("[data-shows-password]"));
  const secret = eye && document.getElementById(eye.dataset.showsPassword ?? "");
  if (eye && secret instanceof HTMLInputElement) {
    const shown = secret.type === "password";
    secret.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
    eye.setAttribute("aria-label", shown ? words.hides : words.shows);
  }
}

document.documentElement.classList.add("js");
on("htmx:configRequest", sendToken);
on("htmx:beforeSwap", judgeSwap);
on("htmx:beforeHistoryUpdate", keepAddress);
on("htmx:afterSettle", takeFocus);
on("htmx:afterSettle", showPlace);
on("htmx:sendError", () => say(words.unreachable, "error"));
document.addEventListener("click", toggle, true);
document.addEventListener("click", handleClick);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  }
});
startForms();
startCopy();
startSuggestion();
startKeys();
startPanes();
startPanels();
startToasts();
startReleases();
startNet();
startOffline();
startPush();
startLive();
startNotices();
startInstall();
// Nobody needs it to see the first page: it comes when that stands.
void import("./report-check.js").then((later) => later.startReportCheck());
