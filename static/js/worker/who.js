// Who is signed in, as far as this device knows; the worker answers for nobody else.
import { open } from "../replica/store.js";
import { device, read, write } from "./device.js";
import { forgetKept } from "./kept.js";
import { leave } from "./subscription.js";

/**
 * The person that this device answers for. `tokens` are the form tokens of his sessions here, the newest first.
 * @typedef {{id: string, username: string, name: string, state: "in" | "out", tokens: string[]}} Person
 */

const SESSION = "/api/v1/session";
const COOKIE = "soviec_person";
/** Pages of an older session of the same person may still be open. */
const TOKENS_KEPT = 5;

/** @returns {Promise<string | null>} whom the session's cookie names, "" for nobody; null where this browser does not let a worker read cookies */
async function named() {
  if (!("cookieStore" in globalThis)) return null;
  const store = /** @type {{get(name: string): Promise<{value: string} | null>}} */ (/** @type {any} */ (globalThis).cookieStore);
  return (await store.get(COOKIE))?.value ?? "";
}

/** Whom the device remembers, signed in or not. @returns {Promise<Person | null>} */
export const remembered = async () => (await read("person")) ?? null;

/** Whom the worker may answer for now: signed in, as far as is known, and named by the cookie. @returns {Promise<Person | null>} */
export async function current() {
  const [known, cookie] = await Promise.all([remembered(), named()]);
  return known?.state === "in" && (cookie === null || cookie === known.id) ? known : null;
}

/** Whether the server has to be asked who is signed in: somebody is, and he is not the one that the device remembers. @returns {Promise<boolean>} */
export async function doubtful() {
  const [known, cookie] = await Promise.all([remembered(), named()]);
  return cookie === null ? !known : cookie !== "" && (known?.state !== "in" || known.id !== cookie);
}

/** @type {Promise<Person | null> | null} */
let asking = null;

/** Asks the server who is signed in here, and keeps the answer. Without an answer everything stays as it was. @returns {Promise<Person | null>} */
export function verify() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

/** @returns {Promise<Person | null>} */
async function ask() {
  let answer;
  try {
    answer = await fetch(SESSION, { headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    return current();
  }
  if (answer.status === 401 || answer.status === 403) {
    await out();
    return null;
  }
  if (!answer.ok) return current();
  const said = await answer.json();
  return enter(said.person, said.csrf_token);
}

/**
 * This person is signed in; messages of whoever was here before do not come to this device any more.
 * @param {{id: string, username: string, name: string}} person
 * @param {string} token
 * @returns {Promise<Person>}
 */
export async function enter(person, token) {
  const before = await remembered();
  if (before && before.id !== person.id) await leave();
  if (before?.id !== person.id) await forgetKept(person.id);
  return device().transaction("rw", device().device, async () => {
    const known = await remembered();
    const before = known?.id === person.id ? known.tokens.filter((one) => one !== token) : [];
    /** @type {Person} */
    const entered = { id: person.id, username: person.username, name: person.name, state: "in", tokens: [token, ...before].slice(0, TOKENS_KEPT) };
    await write("person", entered);
    const persons = await peopleHere();
    if (!persons.includes(person.id)) await write("persons", [...persons, person.id]);
    return entered;
  });
}

/** Nobody is signed in; what the person left here stays, but for copies of what the server had shown him. */
export async function out() {
  await device().transaction("rw", device().device, async () => {
    const known = await remembered();
    if (known?.state === "in") await write("person", { ...known, state: "out" });
  });
  await forgetKept();
}

/** @returns {Promise<string[]>} who has a database here */
const peopleHere = async () => (await read("persons")) ?? [];

/** The person signed out and left nothing here. @param {string} id */
export function forget(id) {
  return device().transaction("rw", device().device, async () => {
    await write("persons", (await peopleHere()).filter((one) => one !== id));
    if ((await remembered())?.id === id) await device().device.delete("person");
  });
}

/**
 * What other persons left on this device and the server has not had: counted, never shown.
 * @param {string} me
 * @returns {Promise<{count: number, persons: string[]}>}
 */
export async function others(me) {
  const found = { count: 0, persons: /** @type {string[]} */ ([]) };
  for (const id of await peopleHere()) {
    if (id === me) continue;
    const store = await open(id);
    const { waiting, sending, rejected } = await store.counts();
    store.close();
    if (!(waiting + sending + rejected)) continue;
    found.count += waiting + sending + rejected;
    found.persons.push(id);
  }
  return found;
}

/** Deletes what other persons left on this device. @param {string} me */
export async function discardOthers(me) {
  for (const id of (await others(me)).persons) {
    const store = await open(id);
    await store.wipe({ keepOutbox: false });
    store.close();
    await forget(id);
  }
}
