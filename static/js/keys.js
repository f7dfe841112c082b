// Keyboard: / search, n new, j k move in the list, Enter open, e report, ? help. Never while somebody types.

const OFF = "soviec.keys.off";

/** @param {EventTarget | null} target @returns {boolean} whether a key there belongs to what is being written or chosen */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox],[type=radio]), textarea, select"));
}

/** Moves the focus by one row of the list, from the focused row or from the one that is open. */
function move(/** @type {number} */ by) {
  const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-row] a.open")]).filter((link) => link.offsetParent);
  const here = links.findIndex((link) => link.closest("[data-row]")?.contains(document.activeElement));
  const from = here >= 0 ? here : links.findIndex((link) => link.hasAttribute("aria-current")) - (by > 0 ? 0 : -1);
  const next = links[Math.max(0, Math.min(links.length - 1, here < 0 && from < 0 ? 0 : from + by))];
  next?.focus();
  next?.closest("[data-row]")?.scrollIntoView({ block: "nearest" });
}

/** Does what the page offers under this key: a field takes the focus, a link or button is pressed. */
function use(/** @type {string} */ key) {
  const offers = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)]);
  const offered = offers.find((item) => item.offsetParent || item.closest(".nav"));
  if (!offered) return false;
  if (offered.matches("input, textarea")) {
    offered.focus();
    /** @type {HTMLInputElement} */ (offered).select();
  } else offered.click();
  return true;
}

function onKey(/** @type {KeyboardEvent} */ event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const help = document.getElementById("keys");
  if (event.key === "?" && help instanceof HTMLDialogElement) {
    const box = help.querySelector("[data-keys-off]");
    if (box instanceof HTMLInputElement) box.checked = localStorage.getItem(OFF) === "1";
    help.showModal();
    return event.preventDefault();
  }
  if (localStorage.getItem(OFF) === "1") return;
  if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
    event.preventDefault();
  } else if (event.key.length === 1 && use(event.key)) event.preventDefault();
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.hasAttribute("data-keys-off")) localStorage.setItem(OFF, box.checked ? "1" : "0");
  });
}
