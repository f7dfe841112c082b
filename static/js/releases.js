// One release at a time: says to which one this page belongs, and loads the page anew where an answer belongs to another.
import { isWriting } from "./busy.js";
import { on } from "./htmx.js";
import { VERSION } from "./version.js";

/** The browser looks for the worker of the other release, without waiting for its own time. */
async function lookForNewer() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.update().catch(() => undefined);
}

/** Before htmx takes an answer of another release into this page. */
function judge(/** @type {CustomEvent} */ event) {
  const { xhr, boosted } = event.detail;
  const theirs = xhr.getResponseHeader("Soviec-Version");
  if (!theirs || !VERSION || theirs === VERSION) return;
  lookForNewer();
  if (xhr.getResponseHeader("HX-Redirect")) {
    // Only a part was asked for, by itself, and somebody writes: the page stays as it is until he has sent it.
    if (!boosted && isWriting()) event.preventDefault();
    return;
  }
  // A refused form, with what was typed: its page replaces this one with scripts and styles, as a plain post would.
  if (!String(xhr.responseText).includes('id="frame"')) return;
  event.preventDefault();
  document.open();
  document.write(xhr.responseText);
  document.close();
}

export function startReleases() {
  on("htmx:configRequest", (event) => {
    if (VERSION) event.detail.headers["Soviec-Version"] = VERSION;
  });
  on("htmx:beforeOnLoad", judge);
}
