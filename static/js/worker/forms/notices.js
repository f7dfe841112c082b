// The forms of /notices: what was read goes through the outbox like everything else, and nobody waits for it.
import { say } from "../../base/words.js";
import { isClash, unreadIn } from "../../show/notices.js";
import { localPath } from "../asked.js";
import { readForm } from "./form.js";
import { keep, notice, start } from "./save.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */

/** As many as the server takes at once. */
const MOST = 2000;

/** @param {Desk} desk @param {any[]} read rows of notices */
async function mark(desk, read) {
  const notices = read.filter((one) => !isClash(one)).map((one) => one.id).sort().slice(0, MOST);
  if (!notices.length) return;
  await keep(desk, { name: "notice.read", args: { notices } }, {});
  start(desk);
}

/** POST /notices/{id}/open: it is read, and what it is about opens. @param {Desk} desk @param {string} id @returns {Promise<Given>} */
export async function noticeOpen(desk, id) {
  await desk.view.need("notices");
  const found = desk.view.get("notice", id);
  if (!found) return null;
  if (!found.read) await mark(desk, [found]);
  return { to: isClash(found) ? "/conflicts" : localPath(found.link, "/notices") };
}

/** POST /notices/read: everything that had come when the page was shown. @param {Desk} desk @returns {Promise<Given>} */
export async function noticesRead(desk) {
  const until = Date.parse((await readForm(desk.request)).text("until"));
  await desk.view.need("notices");
  const unread = unreadIn(desk.view);
  await mark(desk, unread.filter((one) => Number.isNaN(until) || Date.parse(one.at) <= until));
  const left = unread.filter(isClash).length;
  return { to: "/notices", notice: left ? notice(say("notify.page.clashes_left", { count: left }), "info") : notice(say("notify.page.all_read")) };
}

/** POST /notices/seen: a task was looked at, so what was said of it is known. @param {Desk} desk @returns {Promise<Given>} */
export async function noticesSeen(desk) {
  const task = (await readForm(desk.request)).text("task");
  await desk.view.need("notices");
  await mark(desk, unreadIn(desk.view).filter((one) => one.task === task));
  return new Response(null, { status: 204 });
}
