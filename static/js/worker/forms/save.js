// Keeps what a form asks for in the outbox, starts the sending, and waits a moment for the server's answer.
import { say } from "../../base/words.js";
import { Unsendable } from "../../outbox/photos.js";
import { Full } from "../../replica/errors.js";
import { takeShared } from "../shared.js";
import { check } from "./checks.js";
import { claimed } from "./claims.js";
import { Refusal, STATUS } from "./refusal.js";
import { tools, WAIT_MS } from "./tools.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Notice} Notice */
/** @typedef {import("../../base/types.js").Entry} Entry */
/** @typedef {import("../../outbox/photos.js").Ready} Ready */
/** @typedef {import("./form.js").Form} Form */
/** @typedef {{name: string, args: any}} Asked what is to be done */

/** The server refused what was kept: its sentence, as a refusal of the form. */
export class Rejected extends Refusal {
  /** @param {Entry} entry */
  constructor(entry) {
    super(entry.code || "invalid", entry.message);
    this.entry = entry;
  }
}

/**
 * The files of a form, and those that another app shared, ready to be sent. Throws Unsendable for one that can't be.
 * @param {Desk} desk
 * @param {Form} form
 * @returns {Promise<Ready[]>}
 */
export async function filesOf(desk, form) {
  const chosen = [...form.files("files"), ...(await takeShared(desk.view.person, form.many("shared")))];
  const wishes = { ...(desk.view.all("office")[0] ?? {}), max_bytes: desk.maxBytes };
  /** @type {Ready[]} */
  const ready = [];
  for (const file of chosen) ready.push(await tools.prepare(file, wishes));
  return ready.filter((one, at) => ready.findIndex((other) => other.sha256 === one.sha256) === at);
}

/**
 * Puts it into the outbox, after what can be known at once was looked at. The same form again is the same entry.
 * @param {Desk} desk
 * @param {Asked} asked
 * @param {{id?: string | null, files?: Ready[], form?: Entry["form"]}} given
 * @returns {Promise<Entry>}
 * @throws {Refusal} nothing was kept
 */
export async function keep(desk, asked, { id = null, files = [], form = null }) {
  check(asked.name, asked.args, desk.view);
  /** @type {Entry} */
  let entry;
  try {
    entry = await tools.enter(desk.store, desk.view, { name: asked.name, args: asked.args, id, files, form });
  } catch (error) {
    if (error instanceof Full) throw new Refusal("full", say("offline.full"));
    throw error;
  }
  claimed(desk, entry);
  if (entry.name !== asked.name || said(entry.args) !== said(asked.args)) throw new Refusal("conflict", say("door.mutation_reused"));
  return entry;
}

/** What was said, without the files: a picture that is drawn anew may have another hash. @param {any} args @returns {string} */
const said = (args) => JSON.stringify({ ...args, files: (args.files ?? []).length });

/** Sends it now; whatever comes of that is told to the pages, and tried again. @param {Desk} desk */
export function start(desk) {
  Promise.resolve(tools.run(desk.store, "form")).catch((error) => console.error("the outbox could not be sent", error));
}

/**
 * What became of entries until now: those the server answered, the rest as they wait. A refusal is seen by its author on the page that follows.
 * @param {Desk} desk
 * @param {Entry[]} entries
 * @returns {Promise<Entry[]>}
 */
export async function outcomes(desk, entries) {
  start(desk);
  if (!desk.online) return entries;
  const found = await Promise.all(entries.map((entry) => tools.settled(desk.store, entry.id, WAIT_MS)));
  const now = entries.map((entry, at) => found[at] ?? entry);
  for (const entry of now) if (entry.state === "rejected" && !entry.shown) await desk.store.seen(entry.n);
  return now;
}

/**
 * Keeps one thing and waits a moment for its answer.
 * @param {Desk} desk
 * @param {Asked} asked
 * @param {{id?: string | null, files?: Ready[], form?: Entry["form"]}} given
 * @returns {Promise<Entry>} `applied` with its `answer`, or still waiting
 * @throws {Refusal} nothing was kept, or (Rejected) the server refused it
 */
export async function save(desk, asked, given) {
  const [entry] = await outcomes(desk, [await keep(desk, asked, given)]);
  if (!entry) throw new Error("an entry without an outcome");
  if (entry.state === "rejected") throw new Rejected(entry);
  return entry;
}

/** What a form is refused for, as its page says it; anything else goes on. @param {unknown} error @returns {{message: string, field: string, status: number}} */
export function refusedFor(error) {
  if (error instanceof Refusal) return { message: error.message, field: error.field, status: error.status };
  if (error instanceof Unsendable) return { message: error.message, field: error.field, status: STATUS["invalid"] ?? 422 };
  throw error;
}

/** @param {string} text @param {string} [kind] @param {Notice["undo"]} [undo] @returns {Notice} */
export const notice = (text, kind = "success", undo = null) => ({ text, kind, undo });

/** It is on the device and will be sent. @param {Notice["undo"]} [undo] @returns {Notice} */
export const savedHere = (undo = null) => notice(say("offline.saved"), "info", undo);
