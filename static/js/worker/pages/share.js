// /share: what other apps share is kept on the device until a task is chosen for it.
import { say } from "../../base/words.js";
import { Full } from "../../replica/errors.js";
import { card } from "../../show/cards.js";
import { fileSize, moment } from "../../show/values.js";
import { param } from "../asked.js";
import { strip } from "../forms/form.js";
import { notice } from "../forms/save.js";
import { forgetShared, keepShared, shareOf, sharesOf } from "../shared.js";
import { one } from "./one.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../shared.js").Share} Share */

/** Tasks that the page offers at once. */
const MOST_TASKS = 30;
/** Files of one sharing: as many as one report takes at once. */
const MOST_FILES = 20;
const TEXT_LENGTH = 20_000;
const MEGABYTE = 1024 * 1024;

/** Why a file can't be taken, in words, or nothing. Pictures become smaller before they are sent. @param {File} file @param {number} maxBytes @returns {string} */
function unwelcome(file, maxBytes) {
  const { name, type, size } = file;
  if (!size) return say("files.empty", { name });
  if (/^(video|audio)\//.test(type)) return say("files.video", { name });
  if (type === "text/html" || type === "image/svg+xml" || /\.(html?|svg)$/i.test(name)) return say("files.web_page", { name });
  if (/\.(exe|msi|apk|bat|cmd|sh|js|jar|dll|scr|ps1|vbs)$/i.test(name)) return say("files.program", { name });
  if (size > maxBytes && !type.startsWith("image/")) return say("offline.share_large", { name, limit: Math.floor(maxBytes / MEGABYTE) });
  return "";
}

/** POST /share, from another app. @param {Desk} desk @returns {Promise<Given>} */
export async function shareTake(desk) {
  const form = await desk.request.clone().formData();
  const given = form.getAll("files").filter((one) => typeof one !== "string");
  const problems = given.map((file) => unwelcome(file, desk.maxBytes)).filter(Boolean);
  const files = given.filter((file) => !unwelcome(file, desk.maxBytes));
  if (files.length > MOST_FILES) problems.push(say("offline.share_many", { most: MOST_FILES }));
  const words = ["title", "text", "url"].map((name) => form.get(name)).filter((one) => typeof one === "string");
  const text = [...new Set(words.map(strip).filter(Boolean))].join("\n").slice(0, TEXT_LENGTH);
  if (!files.length && !text) return page({ problem: problems.join(" ") || say("offline.share_nothing") }, 422);
  try {
    const kept = await keepShared(desk.view.person, text, files.slice(0, MOST_FILES));
    return { to: `/share/${kept.id}`, notice: problems.length ? notice(problems.join(" "), "warning") : null };
  } catch (error) {
    if (!(error instanceof Full)) throw error;
    return page({ problem: say("offline.share_full") }, 507);
  }
}

/** @param {Record<string, any>} context @param {number} [status] @returns {Given} */
const page = (context, status = 200) => ({
  template: "shared/offline/share.html",
  context: { share: null, shares: [], tasks: [], q: "", problem: "", ...context },
  nav: "tasks",
  status,
});

/** What was shared and has no task yet. @param {Desk} desk @returns {Promise<Given>} */
export async function shareList({ view }) {
  const found = await sharesOf(view.person);
  const [only] = found;
  if (only && found.length === 1) return { to: `/share/${only.id}` };
  return page({ shares: found.map((one) => ({ id: one.id, href: `/share/${one.id}`, label: labelOf(one, view) })) });
}

/** @param {Share} share @param {import("../../replica/view.js").View} view @returns {string} */
function labelOf(share, view) {
  const what = share.files.length ? share.files.map((file) => file.name).slice(0, 3).join(", ") : share.text.slice(0, 80);
  return `${moment(new Date(share.at).toISOString(), view.now)}: ${what}`;
}

/** @param {Share} share */
const shown = (share) => ({
  id: share.id,
  text: share.text,
  files: share.files.map((file) => ({ name: file.name, size: fileSize(file.size), picture: file.type.startsWith("image/") })),
});

/** Without marks and case, as the list is searched. @param {string} text @returns {string} */
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");

/** The task for it is chosen. @param {Desk} desk @param {string} id @returns {Promise<Given>} */
export async function share({ view, url, days }, id) {
  const found = await shareOf(view.person, id);
  if (!found) return page({ problem: say("offline.share_gone") }, 404);
  await view.need("mine");
  const q = strip(param(url, "q")).slice(0, 200);
  const words = folded(q).split(/\s+/).filter(Boolean);
  const mine = view.open().filter((task) => task.can?.progress && words.every((word) => folded(`${task.number} ${task.title}`).includes(word)));
  mine.sort((first, second) => (first.due ?? "9999").localeCompare(second.due ?? "9999"));
  const tasks = mine.slice(0, MOST_TASKS).map((task) => ({ ...card(task, view, days), href: `/tasks/${task.id}?shared=${found.id}#do-progress` }));
  return page({ share: shown(found), tasks, q });
}

/** @param {Desk} desk @param {string} id @returns {Promise<Given>} */
export async function shareDiscard({ view }, id) {
  await forgetShared(view.person, [id]);
  return { to: "/", notice: notice(say("offline.share_discarded"), "info") };
}

/** A task's page, with what was shared for its report. @param {Desk} desk @param {string} name @returns {Promise<Given>} */
export async function oneWithShared(desk, name) {
  const given = await one(desk, name);
  const wanted = param(desk.url, "shared");
  if (!given || !("context" in given) || !wanted) return given;
  const found = await shareOf(desk.view.person, wanted);
  return found ? { ...given, context: { ...given.context, shared: [shown(found)] } } : given;
}
