// The shapes that pass between the rooms of the browser's half; docs/sync.md and docs/offline.md say what they mean.

/**
 * A row of the replica, exactly as the server sent it.
 * @typedef {{kind: string, id: string, task: string | null, data: any}} Row
 */

/**
 * Something that was done on this device and that the server has not confirmed yet, or has refused.
 * @typedef {object} Entry
 * @property {number} n its place in the order of this device
 * @property {string} id the mutation's identifier
 * @property {string} name as in docs/sync.md
 * @property {any} args
 * @property {string} at the device's own time, with its offset
 * @property {string} person who did it
 * @property {string | null} task the task that it is about
 * @property {string} label one Vietnamese line that says what it is
 * @property {string[]} files sha256 of what must be up before it goes
 * @property {{sha256: string, name: string, type: string, size: number}[]} [attachments] what those files are, to show them before the server has them
 * @property {"waiting" | "sending" | "applied" | "rejected"} state
 * @property {number | null} seq its number in the server's queue, once it was sent
 * @property {number} attempts how often it was sent
 * @property {string} code why it was rejected: not_allowed, invalid, conflict, gone, not_found
 * @property {string} message the same in a Vietnamese sentence
 * @property {any} answer what the server said when it applied it
 * @property {Record<string, string | string[]> | null} form what had been typed, to be shown again
 * @property {boolean} shown whether its author has seen the refusal on the page that he sent it from
 * @property {number} schema the release's shape of entries by which it was written
 */

/** @typedef {{n?: number, waiting: number, sending: number, rejected: number}} Counts */

export {};
