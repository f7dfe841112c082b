// The line at the top: whether the device is offline, how much waits to be sent, what was refused; and the number on the app's icon.
import { isSignedIn, onTold } from "./channel.js";
import { on } from "./htmx.js";
import { words } from "./words.js";

/** What the worker said last; the page that is swapped in shows it too. @type {import("./channel.js").State | null} */
let state = null;

/** A link that is hidden keeps its plain name. @param {Element | null} link @param {string} text nothing hides it */
function put(link, text) {
  if (!(link instanceof HTMLElement)) return;
  link.hidden = !text;
  if (text && link.textContent !== text) link.textContent = text;
}

/** @returns {string} without a worker nothing is kept but what stands in the fields */
const offlineText = () => (navigator.serviceWorker?.controller && isSignedIn() ? words.workingOffline : words.offline);

function show() {
  const line = document.getElementById("net");
  if (!line) return;
  const mine = isSignedIn() ? state : null;
  const offline = !navigator.onLine || mine?.online === false;
  const waiting = (mine?.waiting ?? 0) + (mine?.sending ?? 0);
  const signedOut = !offline && mine?.stopped === "signed_out";
  put(line.querySelector(".net-text"), signedOut ? words.signInAgain : offline ? offlineText() : "");
  put(line.querySelector(".net-waits"), waiting ? words.waits(waiting) : "");
  put(line.querySelector(".net-refused"), mine?.rejected ? words.refused(mine.rejected) : "");
  line.toggleAttribute("data-offline", offline);
  line.hidden = !offline && !signedOut && !waiting && !mine?.rejected;
  badge(mine?.rejected ?? 0);
}

/** What waits for the person himself stands on the icon of the installed app; where there is a worker, it knows better (worker/number.js). @param {number} refused */
function badge(refused) {
  if (!("setAppBadge" in navigator) || !isSignedIn() || navigator.serviceWorker?.controller) return;
  const numbers = [...document.querySelectorAll(".nav .badge")].map((one) => Number.parseInt(one.textContent ?? "", 10) || 0);
  const count = numbers.reduce((sum, one) => sum + one, refused);
  (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined);
}

export function startNet() {
  onTold((told) => {
    if (told.type !== "state") return;
    state = told;
    show();
  });
  on("htmx:afterSettle", show);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
