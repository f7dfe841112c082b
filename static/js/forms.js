// Forms: sent once, percent and phrases; drafts.js keeps what is written, files.js looks at what is attached.
import { startDrafts } from "./drafts.js";
import { startFiles } from "./files.js";

/** @param {HTMLFormElement} form @returns {Iterable<Element>} */
const sendButtons = (form) => [...form.elements].filter((item) => item.matches("button:not([type=button]), input[type=submit]"));

function setBusy(/** @type {HTMLFormElement} */ form, /** @type {boolean} */ busy) {
  form.toggleAttribute("data-busy", busy);
  for (const button of sendButtons(form)) {
    // aria-disabled keeps the focus where it is and the button's own name and value in what is sent
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** The second press of an impatient finger sends nothing. */
function sendOnce(/** @type {SubmitEvent} */ event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post") return;
  if (form.hasAttribute("data-busy")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  setTimeout(() => event.defaultPrevented && !("htmx" in window) ? null : setBusy(form, true));
}

/** Back from the history, refused, or no answer: the form can be sent again. */
function release() {
  for (const form of document.querySelectorAll("form[data-busy]")) setBusy(/** @type {HTMLFormElement} */ (form), false);
}

function showPercent(/** @type {Event} */ event) {
  const slider = event.target;
  const output = slider instanceof HTMLInputElement && slider.closest("[data-percent]")?.querySelector("output");
  if (output) output.value = `${/** @type {HTMLInputElement} */ (slider).value}%`;
}

/** A form that says the sum of its [data-counts] fields in its output[data-sum]. */
function showSum(/** @type {Event} */ event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.matches("[data-counts]")) return;
  const sum = /** @type {HTMLOutputElement | null | undefined} */ (field.form?.querySelector("output[data-sum]"));
  if (!sum) return;
  const counted = /** @type {NodeListOf<HTMLInputElement>} */ (field.form?.querySelectorAll("[data-counts]"));
  const total = [...counted].reduce((found, one) => found + (one.valueAsNumber || 0), 0);
  sum.value = total.toLocaleString("vi-VN", { maximumFractionDigits: 2 });
}

function press(/** @type {MouseEvent} */ event) {
  const button = /** @type {Element} */ (event.target).closest("button");
  if (button?.dataset.step) {
    const slider = button.closest("[data-percent]")?.querySelector("input");
    if (!slider) return;
    slider.stepUp(Number(button.dataset.step) / Number(slider.step));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const phrases = /** @type {HTMLElement | null | undefined} */ (button?.closest("[data-phrases]"));
  const note = phrases && document.getElementById(phrases.dataset.phrases ?? "");
  if (note instanceof HTMLTextAreaElement && button) {
    const before = note.value.trimEnd();
    note.value = before ? `${before} ${button.textContent?.trim()}` : (button.textContent?.trim() ?? "");
    note.dispatchEvent(new Event("input", { bubbles: true }));
    note.focus();
  }
}

export function startForms() {
  document.addEventListener("submit", sendOnce, true);
  document.addEventListener("input", showPercent);
  document.addEventListener("input", showSum);
  document.addEventListener("click", press);
  document.addEventListener("htmx:afterRequest", release);
  addEventListener("pageshow", release);
  startDrafts();
  startFiles();
}
