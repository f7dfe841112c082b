// Asks the worker's pages for their contexts, in Node: {words, person, now, rows, entries?, asks: [{url, htmx?, target?, online?}]} on the
// standard input, the list of {template, context, nav, badges, status, part} (or {to}, or null where the server is asked) on the output.
import { text } from "node:stream/consumers";
import { learn } from "../../static/js/base/words.js";
import { frame } from "../../static/js/show/frame.js";
import { workingDays } from "../../static/js/show/calendar.js";
import { match } from "../../static/js/worker/addresses.js";
import { View } from "../../static/js/replica/view.js";

const given = JSON.parse(await text(process.stdin));
learn(given.words);
const now = new Date(given.now);
const view = View.from({ person: given.person, now, rows: given.rows, entries: given.entries ?? [] });
const days = workingDays(view);
const maxBytes = (view.all("office")[0]?.upload_limit ?? 25_000_000);

/** What the device shows at one address, the frame of a page included. */
async function shown({ url: address, htmx = false, target = "", online = false }) {
  const url = new URL(address, "http://soviec.test");
  const found = match(url, "GET");
  if (!found) return null;
  const page = await import(`../../static/js/worker/pages/${found.key}.js`);
  const request = new Request(url, { headers: given.headers ?? {} });
  const desk = { url, request, view, store: null, days, htmx, target, online, maxBytes, csrf: "", client: "" };
  const answer = await page[found.key](desk, ...found.names);
  if (!answer || "to" in answer) return answer;
  const around = answer.part ? {} : frame(view, { nav: answer.nav ?? "tasks", notice: answer.notice ?? null, badges: answer.badges, version: "" });
  return { template: answer.template, status: answer.status ?? 200, part: answer.part ?? false, context: { ...around, ...answer.context } };
}

const answers = [];
for (const ask of given.asks) answers.push(await shown(ask));
process.stdout.write(JSON.stringify(answers));
