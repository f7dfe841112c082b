// Buttons [data-copies="id"]: put the text of that field on the clipboard.
import { say } from "./toast.js";
import { words } from "./words.js";

async function copy(/** @type {HTMLTextAreaElement | HTMLInputElement} */ field) {
  try {
    await navigator.clipboard.writeText(field.value);
    say(words.copied);
  } catch {
    // No clipboard outside of https, or the browser forbids it: the text is selected, the person copies it.
    field.focus();
    field.select();
    say(words.copySelf);
  }
}

function press(/** @type {MouseEvent} */ event) {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-copies]"));
  const field = button && document.getElementById(button.dataset.copies ?? "");
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) void copy(field);
}

export const startCopy = () => document.addEventListener("click", press);
