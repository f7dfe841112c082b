// What every page and form of the worker is given, and what it gives back.

/**
 * One request of the app, with everything that an answer needs.
 * @typedef {object} Desk
 * @property {URL} url
 * @property {Request} request
 * @property {import("../replica/view.js").View} view
 * @property {import("../replica/store.js").Store} store
 * @property {import("../show/calendar.js").WorkingDays} days
 * @property {boolean} htmx a part of the page is asked for (htmx, not a boosted link)
 * @property {string} target the `hx-target` of such a request, or nothing
 * @property {boolean} refreshes the page that is shown asks for itself again (live.js), nobody has opened it
 * @property {boolean} online whether the last contact with the server went well
 * @property {number} maxBytes the largest file that the server takes
 * @property {string} csrf the token of this session's forms, for what the server itself has to be sent
 * @property {string} client the window that asks, so that a notice reaches its own next page
 */

/** The form behind the undo button of a notice, and a sentence for the next page. @typedef {{text: string, kind: string, undo: {action: string, label: string, fields: {name: string, value: string}[]} | null}} Notice */

/** A page (or, with `part`, a fragment of one). @typedef {{template: string, context: any, nav?: string, status?: number, notice?: Notice | null, badges?: Record<string, number>, part?: boolean}} Shown */

/** Go there, and say this on the next page. @typedef {{to: string, notice?: Notice | null}} Moved */

/** `null`: the server is asked. @typedef {Shown | Moved | Response | null} Given */

/** @typedef {(desk: Desk, ...names: string[]) => Promise<Given> | Given} Handler */

export {};
