// The context of /notices: the mirror of server/notify/inbox/show.py.
import { clockOf, dayOf, later, stampOf } from "../base/time.js";
import { say } from "../base/words.js";
import { compared, longDay } from "./values.js";

/** @typedef {import("../replica/view.js").View} View */

/** Messages on one page. */
const PAGE = 30;

/** Whether the person still has to choose between two values; then only that choice makes it read. @param {any} notice @returns {boolean} */
export const isClash = ({ kind, data }) => kind === "task.edited_over" && Boolean(data?.values && Object.keys(data.values).length);

/** Messages that are not read; wants `need("notices")`. @param {View} view @returns {any[]} */
export const unreadIn = (view) => view.all("notice").filter((one) => !one.read);

/** @param {any} one @param {any} other @returns {number} the newest first */
const newest = (one, other) => compared(Date.parse(other.at), Date.parse(one.at)) || compared(other.id, one.id);

/** `Hôm nay`, `Hôm qua`, `Thứ Hai, 23/11`. @param {string} day @param {string} today @returns {string} */
function nameOfDay(day, today) {
  if (day === today) return say("notify.page.today");
  return day === later(today, -1) ? say("notify.page.yesterday") : longDay(day);
}

/** @param {any} one @param {View} view */
function shown(one, view) {
  const at = new Date(one.at);
  return {
    id: one.id,
    kind: one.kind,
    group: one.group,
    about: say(`notify.group.${one.group}`),
    text: one.text,
    detail: one.detail,
    day: nameOfDay(dayOf(at), view.today),
    begins: true,
    when: clockOf(at),
    iso: stampOf(at),
    read: one.read,
    chooses: isClash(one),
    href: isClash(one) ? "/conflicts" : one.link,
  };
}

/**
 * Wants `need("notices")`. `below`: the page is hung below the one before it, so the day that goes on is not said again.
 * @param {View} view
 * @param {{onlyUnread: boolean, start: number, below?: boolean}} asked
 */
export function noticesContext(view, { onlyUnread, start, below = false }) {
  const unread = unreadIn(view);
  const all = (onlyUnread ? unread : view.all("notice")).sort(newest);
  const notices = all.slice(start, start + PAGE).map((one) => shown(one, view));
  const above = below ? all[start - 1] : undefined;
  let day = above ? shown(above, view).day : "";
  for (const one of notices) {
    one.begins = one.day !== day;
    day = one.day;
  }
  const more = all.length > start + PAGE;
  const query = onlyUnread ? "show=unread&" : "";
  return {
    unread: unread.length,
    until: stampOf(view.now),
    tabs: [
      { href: "/notices", label: say("notify.page.all"), count: null, current: !onlyUnread },
      { href: "/notices?show=unread", label: say("notify.page.unread"), count: unread.length || null, current: onlyUnread },
    ],
    notices,
    pages: { next: more ? `/notices?${query}start=${start + PAGE}` : "", label: say(more ? "notify.page.shown_more" : "notify.page.shown_all", { count: start + notices.length }) },
    empty: {
      title: say(onlyUnread ? "notify.page.none_unread_title" : "notify.page.none_title"),
      text: say(onlyUnread ? "notify.page.none_unread_text" : "notify.page.none_text"),
    },
  };
}
