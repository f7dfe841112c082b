// Which addresses the worker answers by itself: the same as server/tasks/pages, and those that exist only because of the outbox.

/** @typedef {import("../replica/held.js").Need} Need */
/** The key of a handler, the names in the address, and which rows its answer certainly reads. @typedef {{key: string, names: string[], needs: Need[]}} Match */

/** Every move of a task that has a form: the keys of `MAKERS` in server/tasks/pages/actions.py. */
export const MOVES = /** @type {const} */ ([
  "progress", "submit", "hand_back", "extend", "decide", "review", "review_undo", "status", "comment", "check", "item", "follow", "bin", "restore",
]);

/** @type {Record<string, {GET?: string, POST?: string, needs?: Need[]}>} */
const FIXED = {
  "/": { GET: "today", needs: ["mine"] },
  "/tasks": { GET: "list", POST: "create", needs: ["tasks"] },
  "/tasks/filter": { GET: "filter" },
  "/tasks/pane": { GET: "pane", needs: ["tasks"] },
  "/tasks/bin": { GET: "bin" },
  "/tasks/alike": { GET: "alike" },
  "/tasks/bulk": { GET: "bulk", POST: "bulkSend" },
  "/tasks/new": { GET: "newTask" },
  "/reviews": { GET: "reviews", needs: ["submitted"] },
  "/foresight": { GET: "morning", needs: ["open"] },
  "/foresight/tasks": { GET: "risks", needs: ["open"] },
  "/foresight/load": { GET: "load", needs: ["open"] },
  "/foresight/load/move": { POST: "loadMove", needs: ["open"] },
  "/foresight/accept": { POST: "foresightAccept", needs: ["open"] },
  "/foresight/decline": { POST: "foresightDecline", needs: ["open"] },
  "/outbox": { GET: "outbox" },
  "/outbox/send": { POST: "outboxSend" },
  "/outbox/others/discard": { POST: "outboxDiscardOthers" },
  "/conflicts": { GET: "conflicts", needs: ["notices"] },
  "/notices": { GET: "notices", needs: ["notices", "open"] },
  "/notices/read": { POST: "noticesRead" },
  "/notices/seen": { POST: "noticesSeen" },
  "/share": { GET: "shareList", POST: "shareTake" },
};

/** Second words below a task. @type {Record<string, {GET?: string, POST?: string}>} */
const BELOW_TASK = {
  history: { GET: "history" }, "report-check": { GET: "reportCheck" }, edit: { GET: "edit", POST: "editSend" }, assign: { GET: "assign", POST: "assignSend" },
};

/** @type {Record<string, string>} */
const BELOW_ENTRY = { change: "outboxChange", "take-back": "outboxTakeBack", retry: "outboxRetry" };
/** Below /conflicts: `discard` and `again` name an entry that was refused, `keep` and `mine` a notice of a clash. @type {Record<string, string>} */
const BELOW_CONFLICT = { discard: "conflictDiscard", again: "conflictAgain", keep: "clashKeep", mine: "clashMine" };
/** @type {Record<string, string>} */
const BELOW_SHARE = { discard: "shareDiscard" };
/** @type {Record<string, Record<string, string>>} */
const BELOW = { conflicts: BELOW_CONFLICT, share: BELOW_SHARE, notices: { open: "noticeOpen" } };

/**
 * The handler of an address, or null where the server is asked.
 * @param {URL} url
 * @param {string} method
 * @returns {Match | null}
 */
export function match(url, method) {
  if (method !== "GET" && method !== "POST") return null;
  const fixed = FIXED[url.pathname];
  if (fixed) {
    const key = fixed[method];
    return key ? { key, names: [], needs: fixed.needs ?? [] } : null;
  }
  const names = namesOf(url.pathname);
  if (!names) return null;
  const [place, first, second, more] = names;
  if (more !== undefined || !first) return null;
  if (place === "tasks") return below(first, second, method);
  if (method === "POST" && second) {
    const key = place === "outbox" ? outboxKey(first, second) : pick((Object.hasOwn(BELOW, place ?? "") && BELOW[place ?? ""]) || {}, second);
    return key ? { key, names: [first], needs: [] } : null;
  }
  if (place === "share" && second === undefined && method === "GET") return { key: "share", names: [first], needs: [] };
  return null;
}

/** @param {string} name @param {string | undefined} word @param {"GET" | "POST"} method @returns {Match | null} */
function below(name, word, method) {
  /** @type {Need[]} */
  const needs = [{ task: name }];
  if (word === undefined) return method === "GET" ? { key: "one", names: [name], needs } : null;
  const known = Object.hasOwn(BELOW_TASK, word) ? BELOW_TASK[word]?.[method] : undefined;
  if (known) return { key: known, names: [name], needs };
  if (method === "POST" && /** @type {readonly string[]} */ (MOVES).includes(word)) return { key: "move", names: [name, word], needs };
  return null;
}

/** @param {string} n @param {string} word @returns {string | undefined} */
const outboxKey = (n, word) => (/^\d{1,15}$/.test(n) ? pick(BELOW_ENTRY, word) : undefined);

/** @param {Record<string, string>} table @param {string} word @returns {string | undefined} */
const pick = (table, word) => (Object.hasOwn(table, word) ? table[word] : undefined);

/** The words of a path, decoded; null for one that is not spelt as our links spell it. @param {string} path @returns {string[] | null} */
function namesOf(path) {
  if (path.endsWith("/")) return null;
  try {
    const names = path.slice(1).split("/").map(decodeURIComponent);
    return names.every((name) => name && name.length < 200 && !name.includes("/")) ? names : null;
  } catch {
    return null;
  }
}
