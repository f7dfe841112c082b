// Hints below a report while it is written: what check/ finds in it is said when the writer pauses. Advice: it never stands in the way of sending.
import { check } from "./check/quality.js";

/** What the device (or the server, before there is a copy) says that a report is compared with. */
/** @typedef {{title: string, earlier: (import("./check/quality.js").Earlier & {day: string})[], lexicon: import("./check/words.js").Lexicon, words: Record<string, string>}} Known */

/** A pause this long is the end of a thought. */
const PAUSE_MS = 1000;
/** What was sent meanwhile from another device is compared with after this. */
const FRESH_MS = 5 * 60_000;
/** Two hints fill the room that is kept for them; what says most comes first. */
const MOST = 2;
const ORDER = ["empty", "files_only", "same_own", "same_colleague", "echo", "stuffed", "short", "vague", "no_figures", "no_result"];

/** @type {Map<string, {since: number, known: Promise<Known | null>}>} */
const fetched = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** @param {string} from @returns {Promise<Known | null>} null without an answer: then nothing is hinted */
function knownOf(from) {
  const kept = fetched.get(from);
  if (kept && Date.now() - kept.since < FRESH_MS) return kept.known;
  const known = fetch(from, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null)
    .then((found) => {
      if (!found) fetched.delete(from);
      return found;
    });
  fetched.set(from, { since: Date.now(), known });
  return known;
}

/** The place for hints about this field, if it has one. @param {EventTarget | null} field @returns {HTMLElement | null} */
function placeOf(field) {
  if (!(field instanceof Element)) return null;
  if (field instanceof HTMLTextAreaElement) return document.querySelector(`[data-checks="${CSS.escape(field.id)}"]`);
  return field.matches("input[type=file]") ? (field.closest("form")?.querySelector("[data-checks]") ?? null) : null;
}

/** @param {HTMLElement} place @param {string} text */
function show(place, text) {
  const said = place.querySelector(".check-said");
  // The same again is not read out again.
  if (said && said.textContent !== text) said.textContent = text;
  place.querySelector("[data-hides-check]")?.toggleAttribute("hidden", !text);
}

/** @param {HTMLElement} place */
async function look(place) {
  const note = document.getElementById(place.dataset.checks ?? "");
  if (!(note instanceof HTMLTextAreaElement) || place.hasAttribute("data-off")) return;
  const files = [.../** @type {NodeListOf<HTMLInputElement>} */ (note.form?.querySelectorAll("input[type=file]") ?? [])].reduce((sum, one) => sum + (one.files?.length ?? 0), 0);
  if (!note.value.trim() && !files) return show(place, "");
  const text = note.value;
  const known = await knownOf(place.dataset.from ?? "");
  // What was typed while the answer was under way is looked at after its own pause.
  if (!known || note.value !== text || place.hasAttribute("data-off")) return;
  show(place, sentence(check(text, known.lexicon, known.title, known.earlier, files), known));
}

/** @param {import("./check/quality.js").Quality} found @param {Known} known @returns {string} */
function sentence(found, known) {
  const word = (/** @type {string} */ key, /** @type {Record<string, unknown>} */ values) => (known.words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  const hints = found.hints.sort((one, other) => ORDER.indexOf(one.key) - ORDER.indexOf(other.key));
  // A report that repeats another one has to be written anew: the rest would be small talk.
  const shown = hints[0]?.key.startsWith("same_") ? hints.slice(0, 1) : hints.slice(0, MOST);
  if (!shown.length) return found.band === "good" ? word("good", {}) : "";
  return shown.map((one) => word(one.key, { ...one.values, day: known.earlier[found.like]?.day })).join(" · ");
}

function onInput(/** @type {Event} */ event) {
  const place = placeOf(event.target);
  if (!place) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => void look(place), PAUSE_MS);
}

function onFocus(/** @type {FocusEvent} */ event) {
  const place = event.target instanceof HTMLTextAreaElement ? placeOf(event.target) : null;
  if (!place) return;
  void knownOf(place.dataset.from ?? "");
  // A draft that came back was typed before this page.
  void look(place);
}

function onLeave(/** @type {FocusEvent} */ event) {
  const place = placeOf(event.target);
  if (place) void look(place);
}

function onClick(/** @type {MouseEvent} */ event) {
  const place = /** @type {HTMLElement | null | undefined} */ (/** @type {Element} */ (event.target).closest("[data-hides-check]")?.closest("[data-checks]"));
  if (!place) return;
  place.setAttribute("data-off", "");
  show(place, "");
  document.getElementById(place.dataset.checks ?? "")?.focus();
}

export function startReportCheck() {
  document.addEventListener("input", onInput);
  document.addEventListener("change", onInput);
  document.addEventListener("focusin", onFocus);
  document.addEventListener("focusout", onLeave);
  document.addEventListener("click", onClick);
  // What is being sent is an earlier report for the next one.
  document.addEventListener("submit", () => fetched.clear());
}
