// Whether somebody is in the middle of something: then nothing on the page moves by itself.

/** @param {Element} field @returns {boolean} whether it holds something that the page did not put there */
function changed(field) {
  if (field instanceof HTMLInputElement) {
    if (field.type === "hidden" || field.disabled) return false;
    if (field.type === "file") return Boolean(field.files?.length);
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  }
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLSelectElement)) return false;
  const marked = [...field.options].some((option) => option.defaultSelected);
  return [...field.options].some((option, place) => option.selected !== (marked ? option.defaultSelected : place === 0 && !field.multiple));
}

/** @returns {boolean} whether a form of the page holds what was typed or chosen and not sent */
export function isWriting() {
  const active = document.activeElement;
  if (active?.matches("textarea, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit], [type=button])")) return true;
  if (document.querySelector("form[data-changed], form[data-busy]")) return true;
  return [...document.querySelectorAll("input, textarea, select")].some(changed);
}

/** @returns {boolean} whether the person writes, reads a dialog, has a menu open, or marks text */
export function isBusy() {
  if (document.querySelector('dialog[open], details.menu[open], [data-toggles][aria-expanded="true"], .htmx-request')) return true;
  const marked = getSelection();
  return Boolean(marked && !marked.isCollapsed) || isWriting();
}
