// The databases that this worker has open, one a person, and whether the server could be reached when it was last tried.
import { open } from "../replica/store.js";

/** @typedef {import("../replica/store.js").Store} Store */

/** @type {Map<string, Promise<Store>>} */
const opened = new Map();

/** The person's store, opened once a start of the worker. @param {string} person @returns {Promise<Store>} */
export function storeOf(person) {
  let store = opened.get(person);
  if (!store) {
    store = open(person);
    // A database that could not be opened is tried again.
    store.catch(() => opened.delete(person));
    opened.set(person, store);
  }
  return store;
}

/** Lets go of a person's database. @param {string} person */
export async function closeStore(person) {
  const store = opened.get(person);
  opened.delete(person);
  (await store?.catch(() => null))?.close();
}

let reached = navigator.onLine;

/** @returns {boolean} whether the last contact with the server went well */
export const isOnline = () => reached && navigator.onLine;

/** @param {boolean} well how a contact with the server went */
export function contact(well) {
  reached = well;
}
