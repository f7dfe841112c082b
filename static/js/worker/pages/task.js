// Finds the task that an address names.

/**
 * The task of an identifier or a number, with everything that hangs on it; undefined where the device does not have it:
 * then a page is the server's to make or to refuse.
 * @param {import("../desk.js").Desk} desk
 * @param {string} name
 * @returns {Promise<any | undefined>}
 */
export async function taskOf(desk, name) {
  await desk.view.need({ task: name }, "open");
  return desk.view.get("task", name) ?? desk.view.byNumber(name);
}
