// Attachments as templates show them: the mirror of file_context in server/tasks/show/one.py.
import { say } from "../base/words.js";
import { fileSize } from "./values.js";

/** @typedef {{href: string, name: string, size: string, kind_icon: string, thumb: string | null, note: string}} FileShown */

/** A name in an address, as Python's `quote` writes it. @param {string} name @returns {string} */
const quoted = (name) =>
  encodeURIComponent(name.replace(/\p{Surrogate}/gu, "\ufffd"))
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/");

/**
 * The context of `file_item`.
 * @param {any} file one of a row's `attachments`
 * @param {boolean} [pending] it is on this device alone
 * @returns {FileShown}
 */
export const fileContext = (file, pending = false) => ({
  href: `/files/${file.sha256}?name=${quoted(file.name)}`,
  name: file.name,
  size: fileSize(file.size),
  kind_icon: String(file.type).startsWith("image/") ? "image" : "file",
  thumb: file.thumb ? `/files/${file.sha256}/thumb` : null,
  note: pending ? say("tasks.show.unsent") : "",
});

/** The files of a row. @param {any} row @returns {FileShown[]} */
export const fileContexts = (row) => (row.attachments ?? []).map((/** @type {any} */ file) => fileContext(file, Boolean(row.pending)));
