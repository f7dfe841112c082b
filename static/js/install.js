// Says once that the product can be put on the home screen, and how on an iPhone; never again after it was closed.
import { isSignedIn } from "./channel.js";
import { on } from "./htmx.js";
import { words } from "./words.js";

const CLOSED = "soviec.install.closed";

/** The browser's own question, where it has one. @typedef {Event & {prompt(): Promise<void>}} Offer */

/** @type {Offer | null} */
let offer = null;

const isInstalled = () => matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true);

/** Safari on an iPhone or iPad asks nothing: people have to be told. Other browsers there can't install. */
const isSafariPhone = () => /iPhone|iPad/.test(navigator.userAgent) && /Safari/.test(navigator.userAgent) && !/CriOS|FxiOS|EdgiOS/.test(navigator.userAgent);

function forget() {
  localStorage.setItem(CLOSED, "1");
  document.getElementById("install")?.remove();
}

/** @param {string} text @param {string} className @param {() => void} pressed @returns {HTMLButtonElement} */
function button(text, className, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", pressed);
  return made;
}

function show() {
  const place = document.getElementById("toasts");
  if (!place || !isSignedIn() || isInstalled() || localStorage.getItem(CLOSED) || document.getElementById("install")) return;
  if (!offer && !isSafariPhone()) return;
  const bar = document.createElement("div");
  bar.id = "install";
  bar.className = "toast";
  const text = document.createElement("span");
  text.className = "grow";
  text.textContent = offer ? words.install : words.installIphone;
  bar.append(text);
  if (offer) bar.append(button(words.installs, "btn", () => offer?.prompt().finally(forget)));
  const close = button("✕", "btn round", forget);
  close.setAttribute("aria-label", words.close);
  bar.append(close);
  place.append(bar);
}

export function startInstall() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = /** @type {Offer} */ (event);
    show();
  });
  addEventListener("appinstalled", forget);
  on("htmx:afterSettle", show);
  show();
}
