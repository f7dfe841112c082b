// A suggested score goes into the field when somebody says so, never by itself: nobody confirms what he has not read.

function take(/** @type {MouseEvent} */ event) {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-takes]"));
  const field = button && document.getElementById(button.dataset.into ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  field.closest("details:not([open])")?.setAttribute("open", "");
  field.value = button?.dataset.takes ?? "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  // The hand ends where the number can still be changed.
  field.focus();
}

export function startSuggestion() {
  document.addEventListener("click", take);
}
