// From 768 px a row of the list opens in the pane beside it; without this script, or on a phone, it is a plain link.
import { htmx, on } from "./htmx.js";

const WIDE = matchMedia("(min-width: 48em)");

/** Marks the row whose task stands in the other pane. */
function mark(/** @type {Element} */ link) {
  for (const other of document.querySelectorAll('[data-row] a.open[aria-current]')) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
}

function onClick(/** @type {MouseEvent} */ event) {
  const link = /** @type {Element} */ (event.target).closest("[data-list] [data-row] a.open");
  const pane = document.getElementById("detail");
  if (!(link instanceof HTMLAnchorElement) || !pane || !WIDE.matches) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !htmx()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  mark(link);
  pane.setAttribute("aria-busy", "true");
  const done = () => document.getElementById("detail")?.removeAttribute("aria-busy");
  const asked = { source: link, target: pane, swap: "outerHTML show:window:top", push: link.pathname + link.search };
  htmx()?.ajax("get", link.href, asked).then(done, done);
}

/** The server may answer with the pane alone or with a whole page; a page without this pane (signed out) replaces all. */
function fit(/** @type {CustomEvent} */ event) {
  const { detail } = event;
  if (detail.isError || detail.target?.id !== "detail" || detail.requestConfig?.verb !== "get") return;
  const text = String(detail.serverResponse);
  if (text.includes('id="detail"')) {
    detail.selectOverride = "#detail";
  } else {
    detail.target = document.body;
    detail.swapOverride = "innerHTML";
  }
}

/** The keyboard follows into the pane, so that Tab reaches the task's first button. */
function follow() {
  const title = document.querySelector("#detail h1");
  if (title instanceof HTMLElement) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
}

export function startPanes() {
  document.addEventListener("click", onClick, true);
  on("htmx:beforeSwap", fit);
  on("htmx:afterSettle", (event) => {
    const { target, requestConfig } = event.detail;
    if (target?.id === "detail" && requestConfig?.verb === "get") follow();
  });
}
