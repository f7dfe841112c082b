// Finds the task that an address names, and says what is shown where it is not on the device.

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Shown} Shown */

/**
 * The task of an identifier or a number, with everything that hangs on it; undefined where the device does not have it.
 * @param {Desk} desk
 * @param {string} name
 * @returns {Promise<any | undefined>}
 */
export async function taskOf(desk, name) {
  await desk.view.need({ task: name }, "open");
  return desk.view.get("task", name) ?? desk.view.byNumber(name);
}

/**
 * What is not on the device: the server is asked, and without a network the page says so.
 * @param {Desk} desk
 * @returns {Shown | null}
 */
export const absent = (desk) => (desk.online ? null : { template: "shared/offline/none.html", context: {}, nav: "tasks", status: 503 });
