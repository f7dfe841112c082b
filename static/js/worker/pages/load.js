// GET /foresight/load: Cân tải, as `show_load` in server/insight/load/pages.py.
import { newId } from "../../base/ids.js";
import { boardOf } from "../../show/board.js";
import { address, loadContext, moveContext, openedContext } from "../../show/load.js";
import { proposalsContext, proposalsOf } from "../../show/proposals.js";
import { badgesOf } from "../../show/waiting.js";
import { param } from "../asked.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** A form of this page that was refused. @typedef {{form: "move" | "decline", values: Record<string, string>, field: string, message: string, status: number}} Refused */

/** Proposals that stand beside the loads. */
const PROPOSALS = 6;

/** @param {Desk} desk @returns {Promise<import("../desk.js").Given>} */
export const load = (desk) => showLoad(desk, (name) => param(desk.url, name));

/**
 * The page that these names ask for; null where the server has to answer.
 * @param {Desk} desk
 * @param {(name: string) => string} given
 * @param {Refused | null} [refused]
 * @returns {Promise<import("../desk.js").Given>}
 */
export async function showLoad({ view, days }, given, refused = null) {
  await view.need("open");
  const board = boardOf(view, days, given("unit"));
  if (!board) return null;
  const { scope } = board;
  const start = /^\d{1,5}$/.test(given("start")) ? Number(given("start")) : 0;
  const inside = new Set(scope.people.map((one) => one.id));
  const whose = scope.kind === "own" ? view.person : inside.has(given("person")) ? given("person") : "";
  const opened = whose ? openedContext(board, whose) : null;
  const moving = opened?.tasks.find((one) => one.id === given("move") && one.move_href);
  const mine = refused?.form === "move" ? refused : null;
  const tried = refused?.form === "decline" ? { proposal: refused.values.proposal ?? "", reason: refused.values.reason ?? "", message: refused.message } : null;
  const context = {
    ...loadContext(board, whose, start),
    opened,
    move: moving ? { ...moveContext(board, whose, board.tasks.get(moving.id), given("to"), mine), mutation: newId() } : null,
    refused: null,
    proposals: proposalsContext(proposalsOf(view).filter(({ proposal }) => inside.has(proposal.giver)), view, days, PROPOSALS, tried),
    here: address({ unit: scope.unit, person: scope.kind === "own" ? "" : whose, start }),
  };
  return { template: "shared/foresight/load.html", context, nav: "foresight", status: refused?.status ?? 200, badges: badgesOf(view) };
}
