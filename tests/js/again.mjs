// Asks for a page that a form was refused on: {words, person, now, rows, asks: [{url, show, args}]} on the standard input, as show.mjs besides.
import { text } from "node:stream/consumers";
import { learn } from "../../static/js/base/words.js";
import { frame } from "../../static/js/show/frame.js";
import { workingDays } from "../../static/js/show/calendar.js";
import { View } from "../../static/js/replica/view.js";
import { showAssign } from "../../static/js/worker/pages/assign.js";
import { showEdit } from "../../static/js/worker/pages/edit.js";
import { showNew } from "../../static/js/worker/pages/newTask.js";
import { showTask } from "../../static/js/worker/pages/one.js";

const SHOWS = { showAssign, showEdit, showNew, showTask };
const given = JSON.parse(await text(process.stdin));
learn(given.words);
const view = View.from({ person: given.person, now: new Date(given.now), rows: given.rows });
const maxBytes = view.all("office")[0].upload_limit;
const answers = [];
for (const { url: address, show, args } of given.asks) {
  const url = new URL(address, "http://soviec.test");
  const desk = { url, request: new Request(url), view, store: null, days: workingDays(view), htmx: false, target: "", online: false, maxBytes, csrf: "", client: "" };
  const page = await SHOWS[show](desk, ...args);
  const around = frame(view, { nav: page.nav, badges: page.badges });
  answers.push({ template: page.template, status: page.status, context: { ...around, ...page.context } });
}
process.stdout.write(JSON.stringify(answers));
