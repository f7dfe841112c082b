// What an entry of the outbox does to the rows that it is about, before the server has answered: one file a family of mutations.

/**
 * Applies the entry to the view's own copies (`view.draft`, `view.put`, `view.drop`); the server's rows replace everything.
 * @param {import("../view.js").View} _view
 * @param {import("../../base/types.js").Entry} _entry
 */
export function apply(_view, _entry) {}
