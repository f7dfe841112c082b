// Finds who answers an address in the worker; what is not here is the server's.
import { match } from "./addresses.js";
import { bulkSend } from "./forms/bulk.js";
import { keptOnce } from "./forms/claims.js";
import { create } from "./forms/create.js";
import { assignSend, editSend } from "./forms/edit.js";
import { foresightAccept, foresightDecline, loadMove } from "./forms/foresight.js";
import { move } from "./forms/moves.js";
import { noticeOpen, noticesRead, noticesSeen } from "./forms/notices.js";
import { alike } from "./pages/alike.js";
import { assign } from "./pages/assign.js";
import { bin } from "./pages/bin.js";
import { bulk } from "./pages/bulk.js";
import { clashKeep, clashMine } from "./pages/clashes.js";
import { conflictAgain, conflictDiscard, conflicts } from "./pages/conflicts.js";
import { edit } from "./pages/edit.js";
import { filter } from "./pages/filter.js";
import { history } from "./pages/history.js";
import { list } from "./pages/list.js";
import { load } from "./pages/load.js";
import { morning } from "./pages/morning.js";
import { newTask } from "./pages/newTask.js";
import { notices } from "./pages/notices.js";
import { outbox, outboxChange, outboxDiscardOthers, outboxRetry, outboxSend, outboxTakeBack } from "./pages/outbox.js";
import { pane } from "./pages/pane.js";
import { reportCheck } from "./pages/reportCheck.js";
import { reviews } from "./pages/reviews.js";
import { risks } from "./pages/risks.js";
import { oneWithShared, share, shareDiscard, shareList, shareTake } from "./pages/share.js";
import { today } from "./pages/today.js";

/** A file a page; its handler is exported under the name of the file. @type {Record<string, import("./desk.js").Handler>} */
const HANDLERS = {
  today, list, filter, pane, bin, alike, bulk, newTask, one: oneWithShared, history, reviews, edit, assign,
  create, bulkSend, editSend, assignSend, move,
  outbox, outboxSend, outboxDiscardOthers, outboxChange, outboxTakeBack, outboxRetry,
  conflicts, conflictDiscard, conflictAgain, clashKeep, clashMine,
  share, shareList, shareTake, shareDiscard,
  morning, load, loadMove, foresightAccept, foresightDecline,
  risks, reportCheck,
  notices, noticeOpen, noticesRead, noticesSeen,
};

/**
 * Who answers, with the names in the address and which rows he reads; null where the server is asked.
 * @param {URL} url
 * @param {string} method
 * @returns {{handler: import("./desk.js").Handler, names: string[], needs: import("./addresses.js").Need[]} | null}
 */
export function handlerFor(url, method) {
  const found = match(url, method);
  const handler = found ? HANDLERS[found.key] : undefined;
  return found && handler ? { handler: method === "POST" ? keptOnce(handler) : handler, names: found.names, needs: found.needs } : null;
}
