// What shared/layout.html shows around a page: the mirror of `frame` in server/web/page.py.

/** @typedef {import("../replica/view.js").View} View */
/** @typedef {import("../worker/desk.js").Notice} Notice */

/** Messages that the person has not read: the number beside Thông báo. Wants `need("notices")`. @param {View} view @returns {number} */
const unreadOf = (view) => view.all("notice").filter((one) => !one.read).length;

/**
 * `nav` is the key of the place that the page belongs to; `badges` are numbers beside places, by key.
 * @param {View} view
 * @param {{nav: string, notice?: Notice | null, badges?: Record<string, number>, version?: string}} given
 */
export function frame(view, { nav, notice = null, badges = {}, version = "" }) {
  const me = view.me;
  /** @type {Record<string, number>} */
  const numbers = { notices: unreadOf(view), ...badges };
  return {
    me: { id: me.id, name: me.name, position: me.title, initials: me.initials, username: me.username, demo: Boolean(me.demo) },
    nav: (me.nav ?? []).map((/** @type {any} */ place) => ({ ...place, badge: numbers[place.key] || null })),
    page: nav,
    csrf: "",
    asset_version: version,
    notice,
    from_device: true,
  };
}
