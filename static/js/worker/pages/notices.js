// GET /notices: the mirror of `notices` in server/notify/pages/notices.py.
import { noticesContext } from "../../show/notices.js";
import { badgesOf } from "../../show/waiting.js";
import { param } from "../asked.js";

/** @param {import("../desk.js").Desk} desk @returns {Promise<import("../desk.js").Shown>} */
export async function notices({ view, url, htmx }) {
  await view.need("notices", "open");
  const start = param(url, "start");
  const asked = { onlyUnread: param(url, "show") === "unread", start: /^\d{1,4}$/.test(start) ? Number(start) : 0 };
  const context = noticesContext(view, { ...asked, below: htmx });
  return { template: "shared/notices/list.html", context, nav: "notices", badges: badgesOf(view) };
}
