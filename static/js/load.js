// Cân tải: a task is dragged onto somebody's row, or `m` is pressed on it; both open the same form, which asks for the reason. Without this
// script, and on a phone, the button "Chuyển" opens it.
import { htmx, on } from "./htmx.js";

/** The key is off where the person has turned keys off (keys.js). */
const OFF = "soviec.keys.off";

/** @type {HTMLElement | null} the task that is being dragged */
let dragged = null;

/** @param {EventTarget | null} target @returns {HTMLElement | null} a row on which the dragged task may be dropped */
function rowOf(target) {
  const row = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-takes]")) : null;
  return row && dragged && !ownRow(dragged)?.isSameNode(row) ? row : null;
}

/** @param {HTMLElement} task @returns {Element | null} the row of whoever has it */
const ownRow = (task) => task.closest("tr")?.previousElementSibling ?? null;

/** Opens the form for this task, with the receiver chosen if there is one. @param {HTMLElement} task @param {string} [to] */
function move(task, to = "") {
  const link = task.querySelector("a.load-move");
  if (!(link instanceof HTMLAnchorElement)) return;
  if (!to) return link.click();
  // htmx has read where the link leads: with the receiver in it, the address is another one.
  const address = new URL(link.href);
  address.searchParams.set("to", to);
  const path = address.pathname + address.search;
  const page = htmx();
  if (page) page.ajax("get", path, { source: document.body, target: document.body, swap: "innerHTML", push: path });
  else location.assign(path);
}

/** @param {HTMLElement | null} task null: nothing is dragged any more */
function take(task) {
  dragged?.classList.remove("dragged");
  dragged = task;
  task?.classList.add("dragged");
  for (const row of document.querySelectorAll("[data-takes]")) {
    row.classList.toggle("takes", Boolean(task) && !(task && ownRow(task)?.isSameNode(row)));
    row.classList.remove("over");
  }
}

/** Only a mouse drags; what is taken from the page by touch would scroll it. */
function grip() {
  for (const task of document.querySelectorAll("[data-move]")) task.setAttribute("draggable", "true");
}

function start() {
  document.addEventListener("dragstart", (event) => {
    const task = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-move]")) : null;
    if (!task || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", task.querySelector(".load-title")?.textContent?.trim() ?? "");
    take(task);
  });
  document.addEventListener("dragover", (event) => {
    const row = rowOf(event.target);
    for (const other of document.querySelectorAll("[data-takes].over")) other.classList.toggle("over", other === row);
    if (!row) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "move";
    row.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const row = rowOf(event.target);
    if (!row || !dragged) return;
    event.preventDefault();
    const task = dragged;
    take(null);
    move(task, row.dataset.takes);
  });
  document.addEventListener("dragend", () => take(null));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || localStorage.getItem(OFF) === "1") return;
    const target = event.target;
    if (!(target instanceof Element) || target.closest("input, textarea, select, form")) return;
    const task = /** @type {HTMLElement | null} */ (target.closest("[data-move]"));
    if (!task) return;
    event.preventDefault();
    move(task);
  });
  on("htmx:afterSettle", grip);
  grip();
}

start();
