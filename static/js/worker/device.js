// The small database of the device itself: what belongs to no person, or says who they are.
import { Dexie } from "../../vendor/dexie-4.4.7.min.mjs";

/** @typedef {import("../../vendor/dexie-4.4.7.min.mjs").Dexie & {device: import("../../vendor/dexie-4.4.7.min.mjs").Table<{key: string, value: any}, string>}} Device */

/** @type {Device | null} */
let opened = null;

/** @returns {Device} */
export function device() {
  if (!opened) {
    opened = /** @type {Device} */ (new Dexie("soviec", { chromeTransactionDurability: "strict" }));
    opened.version(1).stores({ device: "key" });
  }
  return opened;
}

/** @param {string} key @returns {Promise<any>} undefined where nothing is kept */
export const read = async (key) => (await device().device.get(key))?.value;

/** @param {string} key @param {any} value */
export async function write(key, value) {
  await device().device.put({ key, value });
}
