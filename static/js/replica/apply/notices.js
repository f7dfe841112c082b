// Messages that were read. The mirror of server/tasks/commands/told.py.

/** @typedef {import("./index.js").Effect} Effect */

/** What nobody waits for: that a message was read is sent with everything else, but is no work that a person has to look after. @param {{name: string}} entry */
export const isQuiet = ({ name }) => name === "notice.read";

/** @type {Effect} */
export function read(view, _entry, args) {
  for (const id of [...(args.notice ? [args.notice] : []), ...(args.notices ?? [])]) {
    const notice = view.draft("notice", id);
    if (notice) notice.read = true;
  }
}
