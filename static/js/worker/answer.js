// Makes responses of what pages and forms of the worker give back: rendering, the frame around a page, where to go next.
import init, { Environment } from "../../vendor/minijinja-2.11.0.js";
import { learn } from "../base/words.js";
import { frame } from "../show/frame.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./desk.js").Given} Given */
/** @typedef {import("./desk.js").Shown} Shown */
/** @typedef {import("./desk.js").Notice} Notice */

/**
 * What a release brings besides its files, as `/offline/{version}.json` says it.
 * @typedef {object} Release
 * @property {string} version
 * @property {Record<string, string>} templates `templates/shared/`, by name
 * @property {Record<string, string>} words the catalogue of sentences
 * @property {Record<string, string>} [headers] what guards a page of the server guards one of the device
 * @property {import("../../vendor/minijinja-2.11.0.js").InitInput} [wasm] MiniJinja's code; fetched beside its script where it is not given
 */

/** How long a notice waits for its page, as the server's cookie does. */
const NOTICE_MS = 60_000;

/** @type {Environment | null} */
let environment = null;
let version = "";
/** @type {Record<string, string>} */
let headers = {};
/** What waits for the next page, by the window that it was said to. @type {Map<string, {notice: Notice, until: number}>} */
const notices = new Map();

/**
 * Takes the templates, words and headers of a release; once a start of the worker, before anything is answered.
 * @param {Release} release
 */
export async function load(release) {
  await init(release.wasm === undefined ? undefined : { module_or_path: release.wasm });
  const fresh = new Environment();
  fresh.trimBlocks = true;
  fresh.lstripBlocks = true;
  for (const [name, source] of Object.entries(release.templates)) fresh.addTemplate(name, source);
  learn(release.words);
  environment = fresh;
  version = release.version;
  headers = release.headers ?? {};
}

/**
 * The text of a template. Throws what MiniJinja says is wrong with it.
 * @param {string} template
 * @param {any} context
 * @returns {string}
 */
export function render(template, context) {
  if (!environment) throw new Error("load a release first");
  return environment.renderTemplate(template, context);
}

/** Keeps a notice for the next page of this window. @param {string} client @param {Notice} notice */
function keep(client, notice) {
  notices.set(client, { notice, until: Date.now() + NOTICE_MS });
}

/** Takes the notice that waits for this window, if one does; a refresh in the background shows none, so it leaves it. @param {Desk} desk @returns {Notice | null} */
function take({ client, refreshes }) {
  if (refreshes) return null;
  const kept = notices.get(client);
  notices.delete(client);
  return kept && kept.until > Date.now() ? kept.notice : null;
}

/**
 * A page of the device, with the headers of one of the server.
 * @param {string} text
 * @param {number} [status]
 * @returns {Response}
 */
export function html(text, status = 200) {
  const said = { ...headers, "Content-Type": "text/html; charset=utf-8", "Soviec-From": "device", "Soviec-Version": version };
  return new Response(text, { status, headers: said });
}

/** @param {Desk} desk @param {Shown} shown @returns {Response} */
function show(desk, shown) {
  const base = { csrf: desk.csrf, asset_version: version };
  if (shown.part) {
    // The pane of a task is a page of its own on wide screens, and says what was just done; other parts have no place for it.
    const notice = shown.notice ?? (desk.target === "detail" ? take(desk) : null);
    return html(render(shown.template, { ...base, notice, ...shown.context }), shown.status);
  }
  const notice = shown.notice ?? take(desk);
  const around = frame(desk.view, { nav: shown.nav ?? "tasks", notice, badges: shown.badges, version });
  return html(render(shown.template, { ...around, ...base, ...shown.context }), shown.status);
}

/**
 * What the browser is told. `null`, where the server has to be asked, is the caller's.
 * @param {Desk} desk
 * @param {Exclude<Given, null>} given
 * @returns {Response}
 */
export function respond(desk, given) {
  if (given instanceof Response) return given;
  if ("to" in given) {
    if (given.notice) keep(desk.client, given.notice);
    return new Response(null, { status: 303, headers: { Location: given.to, "Cache-Control": "no-store", "Soviec-From": "device" } });
  }
  return show(desk, given);
}
