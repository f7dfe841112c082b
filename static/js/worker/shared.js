// Files and texts that other apps shared with this one: kept on the device until a task is chosen for them.
import { newId } from "../base/ids.js";
import { isQuota } from "../replica/db.js";
import { Full } from "../replica/errors.js";
import { device, read, write } from "./device.js";

/** One sharing of this person. `text` is what came in words. @typedef {{id: string, person: string, at: number, text: string, files: File[]}} Share */

const KEY = "shared";
/** Whoever has not chosen a task within a week will not. */
const KEPT_MS = 7 * 86_400_000;

/** @returns {Promise<Share[]>} */
const all = async () => (await read(KEY)) ?? [];

/** What waits for a task, the newest first; the texts and files of this person alone. @param {string} person @returns {Promise<Share[]>} */
export async function sharesOf(person) {
  const since = Date.now() - KEPT_MS;
  return (await all()).filter((one) => one.person === person && one.at >= since).sort((one, other) => other.at - one.at);
}

/** @param {string} person @param {string} id @returns {Promise<Share | undefined>} */
export const shareOf = async (person, id) => (await sharesOf(person)).find((one) => one.id === id);

/**
 * Keeps what was shared; what is older than a week goes.
 * @param {string} person
 * @param {string} text
 * @param {File[]} files
 * @returns {Promise<Share>}
 * @throws {Full} nothing was kept
 */
export async function keepShared(person, text, files) {
  /** @type {Share} */
  const share = { id: newId(), person, at: Date.now(), text, files };
  try {
    await device().transaction("rw", device().device, async () => {
      const since = Date.now() - KEPT_MS;
      await write(KEY, [...(await all()).filter((one) => one.at >= since), share]);
    });
  } catch (error) {
    if (isQuota(error)) throw new Full("no room for what was shared", { cause: error });
    throw error;
  }
  return share;
}

/** The files of these sharings of this person. @param {string} person @param {string[]} ids @returns {Promise<File[]>} */
export async function takeShared(person, ids) {
  return ids.length ? (await sharesOf(person)).filter((one) => ids.includes(one.id)).flatMap((one) => one.files) : [];
}

/** @param {string} person @param {string[]} ids */
export async function forgetShared(person, ids) {
  if (!ids.length) return;
  await device().transaction("rw", device().device, async () => {
    await write(KEY, (await all()).filter((one) => one.person !== person || !ids.includes(one.id)));
  });
}
