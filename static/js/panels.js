// The forms of a task's page: a link "#do-…" opens its form at once, where CSS (:target) would do the same more slowly. Pickers count.
import { on } from "./htmx.js";

/** Opens one panel, closes the others, and brings the keyboard to it. */
function open(/** @type {HTMLElement} */ panel) {
  for (const other of document.querySelectorAll(".panel")) {
    other.classList.toggle("open", other === panel);
    other.classList.toggle("shut", other !== panel);
  }
  panel.scrollIntoView({ block: "start" });
  panel.focus({ preventScroll: true });
}

/** Closes a panel; the keyboard goes back to what opened it. */
function close(/** @type {HTMLElement} */ panel) {
  panel.classList.remove("open");
  panel.classList.add("shut");
  const opener = document.querySelector(`a[href="#${panel.id}"]`);
  /** @type {HTMLElement | null} */ (opener?.closest("details.menu")?.querySelector("summary") ?? opener)?.focus();
}

/** An address may name the form to open, e.g. from a notification. */
function openNamed() {
  const panel = location.hash.startsWith("#do-") && document.getElementById(location.hash.slice(1));
  if (panel && !panel.matches(".open, .shut")) open(panel);
}

function onClick(/** @type {MouseEvent} */ event) {
  const target = /** @type {Element} */ (event.target);
  const opener = target.closest("a[data-panel]");
  const panel = opener && document.querySelector(opener.getAttribute("href") ?? "");
  if (panel instanceof HTMLElement) {
    event.preventDefault();
    opener?.closest("details.menu")?.removeAttribute("open");
    open(panel);
  }
  const closer = target.closest("[data-closes-panel]")?.closest(".panel");
  if (closer instanceof HTMLElement) {
    event.preventDefault();
    close(closer);
  }
}

/** A refused form comes back inside the pane: its first wrong field, or its sentence, takes the focus. */
function showRefusal(/** @type {CustomEvent} */ event) {
  const { target, requestConfig } = event.detail;
  if (target?.id !== "detail" || requestConfig?.verb === "get") return;
  const wrong = document.querySelector('#detail [aria-invalid="true"], #detail .notice.error');
  if (!(wrong instanceof HTMLElement)) {
    // the button that sent it is gone: the keyboard goes on from the pane
    if (document.activeElement === document.body) document.getElementById("detail")?.focus({ preventScroll: true });
    return;
  }
  if (!wrong.matches("input, select, textarea")) wrong.tabIndex = -1;
  wrong.focus();
  wrong.scrollIntoView({ block: "center" });
}

/** How many are chosen in a room, and in all. */
function count(/** @type {Element} */ picker) {
  const chosen = (/** @type {Element} */ place) => place.querySelectorAll(":checked").length;
  for (const room of picker.querySelectorAll("details")) {
    const said = room.querySelector("[data-count]");
    if (said) said.textContent = chosen(room) ? String(chosen(room)) : "";
  }
}

export function startPanels() {
  document.addEventListener("click", onClick);
  on("htmx:afterSettle", (event) => {
    if (event.detail.target === document.body) openNamed();
    else showRefusal(event);
  });
  document.addEventListener("change", (event) => {
    const picker = /** @type {Element} */ (event.target).closest("[data-picker]");
    if (picker) count(picker);
  });
  openNamed();
}
