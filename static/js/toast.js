// The bar at the bottom: what was just done, with its undo; it goes by itself only when it offers nothing.
import { words } from "./words.js";

const SHOWN_MS = 8000;

/** Lets a bar go after a while, unless the pointer or the keyboard is on it. */
function letGo(/** @type {HTMLElement} */ bar) {
  if (bar.hasAttribute("data-stays") || bar.dataset.timed) return;
  bar.dataset.timed = "1";
  const leave = () => (bar.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : bar.remove());
  setTimeout(leave, SHOWN_MS);
}

/**
 * Says one sentence at the bottom of the page.
 * @param {string} text
 * @param {"info" | "error"} [kind] an error stays until it is closed
 */
export function say(text, kind = "info") {
  const place = document.getElementById("toasts");
  if (!place) return;
  for (const old of place.querySelectorAll(".toast")) if (old.textContent?.includes(text)) old.remove();
  const bar = document.createElement("div");
  bar.className = "toast";
  bar.dataset.toast = "";
  if (kind === "error") bar.dataset.stays = "";
  const line = document.createElement("span");
  line.className = "grow";
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn";
  close.dataset.closes = "";
  close.textContent = "✕";
  close.setAttribute("aria-label", words.close);
  bar.append(line, close);
  place.append(bar);
  letGo(bar);
}

/** Watches the bars that the server sent. */
export function startToasts() {
  const all = () => document.querySelectorAll(".toast[data-toast]").forEach((bar) => letGo(/** @type {HTMLElement} */ (bar)));
  document.addEventListener("htmx:afterSettle", all);
  all();
}
