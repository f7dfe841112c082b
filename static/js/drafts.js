// What is written is kept on the device until the server has accepted it; a form with [data-guard] asks before it is left.
import { on } from "./htmx.js";
import { say } from "./toast.js";
import { words } from "./words.js";

const PREFIX = "soviec.draft:";
const SENT = "soviec.sent";

/** @returns {string} drafts belong to a person: nobody else on this device sees them */
const owner = () => document.getElementById("frame")?.dataset.me ?? "";

/** @param {HTMLTextAreaElement} area @returns {string} */
const keyOf = (area) => `${PREFIX}${owner()}:${location.pathname}:${area.id || area.name}`;

/** @param {EventTarget | null} item @returns {item is HTMLTextAreaElement} */
const isKept = (item) => item instanceof HTMLTextAreaElement && Boolean(item.name) && !item.closest("[data-no-draft]");

function keep(/** @type {Event} */ event) {
  const area = event.target;
  if (area instanceof Element) area.closest("form[data-guard]")?.setAttribute("data-changed", "");
  if (!isKept(area)) return;
  try {
    if (area.value.trim() && area.value !== area.defaultValue) sessionStorage.setItem(keyOf(area), area.value);
    else sessionStorage.removeItem(keyOf(area));
  } catch {
    // a full store keeps the text in the field itself
  }
}

function restore() {
  let found = false;
  for (const area of document.querySelectorAll("textarea")) {
    const kept = isKept(area) && sessionStorage.getItem(keyOf(area));
    if (!kept || area.value !== area.defaultValue || area.value === kept) continue;
    area.value = kept;
    area.closest("details:not([open])")?.setAttribute("open", "");
    area.closest(".panel")?.classList.add("open");
    found = true;
  }
  if (found) say(words.draft);
}

/** @param {HTMLFormElement} form @returns {string[]} */
const keysOf = (form) => [...form.querySelectorAll("textarea")].filter(isKept).map(keyOf);

const drop = (/** @type {string[]} */ keys) => keys.forEach((key) => sessionStorage.removeItem(key));

/** A plain post is judged by the page that follows it: one with an error in it keeps the drafts. */
function judgePlainPost() {
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  sessionStorage.removeItem(SENT);
  if (!document.querySelector('[aria-invalid="true"], [data-refused], .notice.error')) drop(sent);
}

function onSubmit(/** @type {SubmitEvent} */ event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post") return;
  form.removeAttribute("data-changed");
  if (form.hasAttribute("data-signs-out")) drop(Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)));
  else sessionStorage.setItem(SENT, JSON.stringify(keysOf(form)));
}

function onAnswer(/** @type {CustomEvent} */ event) {
  const { xhr, successful, requestConfig } = event.detail;
  if (requestConfig?.verb === "get") return;
  sessionStorage.removeItem(SENT);
  // detail.elt is another element once the swap has taken the form away
  const form = requestConfig?.elt.closest("form");
  if (form && successful && xhr.status < 400) drop(form.draftKeys ?? keysOf(form));
  else form?.toggleAttribute("data-changed", form.hasAttribute("data-guard"));
}

/** The keys are taken before the swap: after it the address and the form may be others. */
function remember(/** @type {CustomEvent} */ event) {
  const form = event.detail.elt.closest?.("form");
  if (form) form.draftKeys = keysOf(form);
  const left = document.querySelector("form[data-changed]");
  if (!left || left.contains(event.detail.elt) || !event.detail.target?.contains(left)) return;
  if (confirm(words.leave)) left.removeAttribute("data-changed");
  else event.preventDefault();
}

export function startDrafts() {
  document.addEventListener("input", keep);
  document.addEventListener("submit", onSubmit, true);
  on("htmx:beforeRequest", remember);
  on("htmx:afterRequest", onAnswer);
  on("htmx:afterSettle", restore);
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]:not([data-busy])")) event.preventDefault();
  });
  judgePlainPost();
  restore();
}
