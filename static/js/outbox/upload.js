// A file goes up in pieces, from where the last attempt ended: docs/sync.md, Files.
import { Unreachable } from "../replica/errors.js";
import { jsonOf, PIECE_MS, TimedOut } from "./line.js";

/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("../replica/db.js").Blobbed} Blobbed */
/** Null where the server has it whole; else why it does not take it. @typedef {{code: string, message: string} | null} Refused */

const LEAST_PIECE = 16 * 1024;
const MOST_PIECE = 512 * 1024;
/** A piece that took so long, ms, is followed by a smaller one, one that took less by a larger one. */
const [SLOW, FAST] = [15_000, 4_000];
/** So often the server may say that it has another part than was thought. */
const MOST_DETOURS = 5;

/**
 * Brings a whole file to the server. A mutation names it by the hash it was sent with, whatever the server keeps.
 * @param {Line} line
 * @param {Pick<Blobbed, "sha256" | "name" | "blob">} file
 * @returns {Promise<Refused>}
 * @throws {import("../replica/errors.js").SignedOut | import("../replica/errors.js").OtherPerson | Unreachable} what arrived before stays there
 */
export async function upload(line, { sha256, name, blob }) {
  const path = `/files/${sha256}`;
  const begun = await begin(line, path);
  if (begun === "whole") return null;
  // What another attempt left beyond the end is overwritten.
  let at = begun < blob.size ? begun : 0;
  let resumed = at > 0;
  for (let detours = 0; ; ) {
    const end = Math.min(at + line.sizes.piece, blob.size);
    const response = await send(line, `${path}?name=${encodeURIComponent(name.replace(/\p{Surrogate}/gu, "\ufffd"))}`, blob, at, end);
    if (response.status === 200 || response.status === 201) return whole(response);
    const offset = Number(response.headers.get("Upload-Offset") ?? Number.NaN);
    if (response.status === 202 && end < blob.size) {
      at = offset > at && offset <= blob.size ? offset : end;
      continue;
    }
    if (++detours > MOST_DETOURS) throw new Unreachable(response.status);
    if (response.status === 202 || (response.status === 409 && offset >= 0 && offset !== at && offset < blob.size)) {
      at = response.status === 202 ? 0 : offset; // all was sent and it is not whole, or pieces before this one are gone
      continue;
    }
    if (response.status === 409) throw new Unreachable(response.status);
    if ((response.status === 400 || response.status === 422) && resumed) {
      // Of what an earlier attempt left something may be broken: once more from the beginning.
      [at, resumed] = [0, false];
      continue;
    }
    if (![400, 413, 422].includes(response.status)) throw new Unreachable(response.status);
    const said = await jsonOf(response);
    if (!said?.message && response.status === 413 && line.sizes.piece > LEAST_PIECE) {
      line.sizes.piece = Math.max(LEAST_PIECE, Math.floor(line.sizes.piece / 2)); // not our server's word: something before it takes only less at once
      detours -= 1;
      continue;
    }
    if (!said?.message) throw new Unreachable(response.status);
    return { code: String(said.code || "invalid"), message: String(said.message) };
  }
}

/** @param {Line} line @param {string} path @returns {Promise<number | "whole">} how many bytes are there */
async function begin(line, path) {
  const response = await line.ask(path, { method: "HEAD" }, PIECE_MS);
  if (response.status === 404) return 0;
  if (!response.ok) throw new Unreachable(response.status);
  const offset = response.headers.get("Upload-Offset");
  if (offset === null) throw new Unreachable(0);
  return response.headers.get("Upload-Complete") === "?1" ? "whole" : Number(offset) || 0;
}

/** Only our server's own word counts: the sign-in page of a hotel's network says 200 as well. @param {Response} response @returns {null} */
function whole(response) {
  if (response.headers.get("Upload-Complete") !== "?1") throw new Unreachable(0);
  return null;
}

/** @param {Line} line @param {string} path @param {Blob} blob @param {number} at @param {number} end @returns {Promise<Response>} */
async function send(line, path, blob, at, end) {
  const headers = { "Content-Type": "application/octet-stream", "Content-Range": `bytes ${at}-${end - 1}/${blob.size}` };
  const began = line.now();
  try {
    const response = await line.ask(path, { method: "PUT", body: blob.slice(at, end), headers }, PIECE_MS);
    const took = line.now() - began;
    if (took > SLOW) line.sizes.piece = Math.max(LEAST_PIECE, Math.floor(line.sizes.piece / 2));
    else if (took < FAST) line.sizes.piece = Math.min(MOST_PIECE, line.sizes.piece * 2);
    return response;
  } catch (error) {
    if (error instanceof TimedOut) line.sizes.piece = Math.max(LEAST_PIECE, Math.floor(line.sizes.piece / 4));
    throw error;
  }
}
