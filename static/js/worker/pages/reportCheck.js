// GET /tasks/{id}/report-check: what a report is compared with while it is written. The mirror of `report_check` in server/insight/score/pages.py.
import { reportCheck as contextOf } from "../../show/suggestion.js";
import { taskOf } from "./task.js";

/** @param {import("../desk.js").Desk} desk @param {string} name @returns {Promise<Response | null>} */
export async function reportCheck(desk, name) {
  const task = await taskOf(desk, name);
  if (!task) return null;
  return Response.json(contextOf(desk.view, task, await desk.store.reportsOf(desk.view.person)), { headers: { "Cache-Control": "no-store", "Soviec-From": "device" } });
}
