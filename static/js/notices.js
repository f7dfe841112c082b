// Opening a task's page makes what was said of it read: the page says so once, and only while something is not read.
import { on } from "./htmx.js";

const BADGE = '.nav a[href="/notices"] .badge';
const TASK = "[data-task]";

/** For which task and how many unread messages it was said. */
let said = "";

async function look() {
  const task = /** @type {HTMLElement | null} */ (document.querySelector(TASK))?.dataset.task;
  const unread = document.querySelector(BADGE)?.textContent;
  const now = `${task} ${unread}`;
  if (!task || !unread || document.hidden || now === said) return;
  said = now;
  const token = document.getElementById("frame")?.dataset.csrf ?? "";
  const body = new URLSearchParams({ task });
  // Without a network nothing is lost: the worker keeps it, and where there is none the message just stays unread.
  await fetch("/notices/seen", { method: "POST", headers: { "X-CSRF-Token": token }, body }).catch(() => undefined);
}

export function startNotices() {
  on("htmx:afterSettle", look);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("soviec:refreshed", look);
  void look();
}
