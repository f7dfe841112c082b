// Asks the worker's pages for their contexts, in Node, from a replica that is pulled and opened as on a device. In:
// {words, person, now, rows, entries?, asks: [{url, htmx?, target?, online?}]}. Out, for each: {template, context, status, part}, or {to, notice},
// or null where the server is asked.
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { text } from "node:stream/consumers";
import { learn } from "../../static/js/base/words.js";
import { frame } from "../../static/js/show/frame.js";
import { workingDays } from "../../static/js/show/calendar.js";
import { match } from "../../static/js/worker/addresses.js";
import { open, Store } from "../../static/js/replica/store.js";

const given = JSON.parse(await text(process.stdin));
learn(given.words);
const now = new Date(given.now);

/** The one answer that the replica is filled from. */
async function served() {
  const changes = given.rows.map(({ kind, id, data }) => ({ kind, id, op: "put", data }));
  return Response.json({ cursor: "all", more: false, reset: false, changes }, { headers: { "Soviec-Person": given.person } });
}

const filling = await open(given.person, { indexedDB: new IDBFactory(), IDBKeyRange });
await filling.pull({ fetch: served });
await filling.db.outbox.bulkAdd(given.entries ?? []);

/** What the device shows at one address, the frame of a page included. */
async function shown({ url: address, htmx = false, target = "", online = false }) {
  const url = new URL(address, "http://soviec.test");
  const found = match(url, "GET");
  if (!found) return null;
  const page = await import(`../../static/js/worker/pages/${found.key}.js`);
  // Anew for each page, so that a page reads only what it asked for itself; the frame's number of messages is always there.
  const store = new Store(given.person, filling.db);
  const view = await store.view({ now, needs: ["notices"] });
  const days = workingDays(view);
  const maxBytes = view.all("office")[0]?.upload_limit ?? 25_000_000;
  const request = new Request(url, { headers: given.headers ?? {} });
  const desk = { url, request, view, store, days, htmx, target, online, maxBytes, csrf: "", client: "" };
  const answer = await page[found.key](desk, ...found.names);
  if (answer instanceof Response) return { json: await answer.json() };
  if (!answer || "to" in answer) return answer;
  const around = answer.part ? {} : frame(view, { nav: answer.nav ?? "tasks", notice: answer.notice ?? null, badges: answer.badges, version: "" });
  return { template: answer.template, status: answer.status ?? 200, part: answer.part ?? false, context: { ...around, ...answer.context } };
}

const answers = [];
for (const ask of given.asks) answers.push(await shown(ask));
process.stdout.write(JSON.stringify(answers));
