// The forms of Cân tải and Dự báo: a task is given to somebody else, a proposal is accepted or declined. The mirror of the pages in
// server/insight/load/pages.py and proposals/pages.py. How much work a task is, is said to the server alone.
import { isId } from "../../base/ids.js";
import { say } from "../../base/words.js";
import { TooLate } from "../../replica/errors.js";
import { nameOf } from "../../show/values.js";
import { localPath } from "../asked.js";
import { showLoad } from "../pages/load.js";
import { showMorning } from "../pages/morning.js";
import { readForm } from "./form.js";
import { notice, refusedFor, Rejected, save, savedHere, start } from "./save.js";

/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../desk.js").Given} Given */
/** @typedef {import("../desk.js").Notice} Notice */
/** @typedef {import("./form.js").Form} Form */

const PATH = "/foresight/load";

/** The names in the address of a page of loads. @param {string} back @returns {(name: string) => string} */
function namedIn(back) {
  const [path, query] = back.split("#", 1)[0].split("?", 2);
  const said = new URLSearchParams(query ?? "");
  return (name) => (path === PATH ? (said.get(name) ?? "") : "");
}

/** The button that gives a task back to whoever had it. @param {string} task @param {string} lead @param {string} reason @param {string} back @returns {Notice["undo"]} */
function undoOf(task, lead, reason, back) {
  const fields = Object.entries({ task, lead, reason, undo: "1", next: back }).map(([name, value]) => ({ name, value }));
  return { action: `${PATH}/move`, label: say("insight.load.undo"), fields };
}

/** Takes the last move of the task back, if it has not been sent; false where it is on its way or gone. @param {Desk} desk @param {string} task */
async function tookBack({ view, store }, task) {
  const last = view.entries(task).filter((entry) => entry.state === "waiting").at(-1);
  if (!last || (last.name !== "task.assign" && last.name !== "insight.accept")) return false;
  try {
    await store.takeBack(last.n);
    return true;
  } catch (error) {
    if (error instanceof TooLate) return false;
    throw error;
  }
}

/** POST /foresight/load/move: the ordinary reassignment. @param {Desk} desk @returns {Promise<Given>} */
export async function loadMove(desk) {
  const form = await readForm(desk.request);
  const task = form.text("task");
  const back = localPath(form.text("next"), PATH);
  if (!isId(task)) return null;
  await desk.view.need("open", { task });
  if (!desk.view.get("task", task)) return null;
  const undoing = form.checked("undo");
  if (undoing && (await tookBack(desk, task))) {
    start(desk);
    return { to: back, notice: notice(say("offline.taken_back"), "info") };
  }
  const lead = form.text("lead");
  try {
    const args = { task, lead, collaborators: null, followers: null, reason: form.text("reason") };
    const entry = await save(desk, { name: "task.assign", args }, { id: form.mutation, form: form.kept });
    // The form says from whom: sent a second time, the task has another lead already.
    const giver = form.text("giver");
    const undo = undoing || giver === lead || !desk.view.get("person", giver) ? null : undoOf(task, giver, say("insight.load.undo_reason"), back);
    if (entry.state !== "applied") return { to: back, notice: savedHere(undo) };
    const done = say("insight.load.moved", { number: entry.answer?.number ?? "", name: nameOf(desk.view, lead) });
    return { to: back, notice: notice(done, "success", undo) };
  } catch (error) {
    const { message, field, status } = refusedFor(error);
    if (undoing) return { to: back, notice: notice(message, "error") };
    const named = namedIn(back);
    return showLoad(desk, (name) => (name === "move" ? task : named(name)), { form: "move", values: form.values, field, message, status });
  }
}

/** POST /foresight/accept: one tap; the notice offers to give the task back. @param {Desk} desk @returns {Promise<Given>} */
export async function foresightAccept(desk) {
  const form = await readForm(desk.request);
  const back = localPath(form.text("next"), "/foresight");
  const asked = form.text("proposal");
  const proposal = desk.view.get("proposal", asked) ?? desk.view.stored("proposal", asked);
  if (!proposal) return desk.online ? null : { to: back, notice: notice(say("insight.proposal.gone"), "error") };
  await desk.view.need("open", { task: proposal.task });
  try {
    const entry = await save(desk, { name: "insight.accept", args: { proposal: asked } }, { id: form.mutation, form: form.kept });
    const undo = undoOf(proposal.task, proposal.giver, say("insight.proposal.undo_reason"), back);
    if (entry.state !== "applied") return { to: back, notice: savedHere(undo) };
    const done = say("insight.proposal.accepted", { number: entry.answer?.number ?? "", receiver: nameOf(desk.view, proposal.receiver) });
    return { to: back, notice: notice(done, "success", undo) };
  } catch (error) {
    const { message } = refusedFor(error);
    // Its author reads why on the page that follows, and there is nothing in it that could be sent anew.
    if (error instanceof Rejected) await desk.store.discard(error.entry.n);
    return { to: back, notice: notice(message, "error") };
  }
}

/** POST /foresight/decline: not this one, and why. @param {Desk} desk @returns {Promise<Given>} */
export async function foresightDecline(desk) {
  const form = await readForm(desk.request);
  const back = localPath(form.text("next"), "/foresight");
  const asked = form.text("proposal");
  const proposal = desk.view.get("proposal", asked) ?? desk.view.stored("proposal", asked);
  if (!proposal) return desk.online ? null : { to: back, notice: notice(say("insight.proposal.gone"), "error") };
  await desk.view.need("open", { task: proposal.task });
  try {
    const args = { proposal: asked, reason: form.text("reason") };
    const entry = await save(desk, { name: "insight.decline", args }, { id: form.mutation, form: form.kept });
    return { to: back, notice: entry.state === "applied" ? notice(say("insight.proposal.declined")) : savedHere() };
  } catch (error) {
    const { message, field, status } = refusedFor(error);
    if (field !== "reason") return { to: back, notice: notice(message, "error") };
    /** @type {import("../pages/load.js").Refused} */
    const refused = { form: "decline", values: form.values, field, message, status };
    return back.split("?")[0] === "/foresight" ? showMorning(desk, refused) : showLoad(desk, namedIn(back), refused);
  }
}
