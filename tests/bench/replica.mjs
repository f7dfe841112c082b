// A replica of an office of any size, made from a seed, and pages of it as a worker that has just been started makes them.
import { workingDays } from "../static/js/show/calendar.js";
import { open } from "../static/js/replica/store.js";
import { load, respond } from "../static/js/worker/answer.js";
import { list } from "../static/js/worker/pages/list.js";
import { one } from "../static/js/worker/pages/one.js";
import { today } from "../static/js/worker/pages/today.js";

const PERSON = "00000000-0000-7000-8000-000000000001";
const WORDS = "rà soát tổng hợp báo cáo kế hoạch thủ tục hành chính số hóa hồ sơ đất đai đường truyền xã phường tập huấn kiểm tra văn bản đôn đốc tiến độ".split(" ");
const MOVES = "decide edit assign progress submit review pause resume cancel reopen hand_back extend comment check follow bin restore split decide_extension assign_handed_back".split(" ");
const HANDLERS = { list, one, today };

/** Numbers from a seed, each from 0 to below `most`. @param {number} seed */
function dice(seed) {
  let state = seed;
  return (/** @type {number} */ most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const id = (/** @type {number} */ group, /** @type {number} */ n) => `00000000-0000-7${String(group).padStart(3, "0")}-8000-${String(n).padStart(12, "0")}`;

/** Every row, as the server sends them. @param {{tasks: number, reports: number, open: number}} size `open`: the part of the tasks that is, in per cent */
function* rows({ tasks, reports, open: part }) {
  const roll = dice(7);
  const say = (/** @type {number} */ count) => Array.from({ length: count }, () => WORDS[roll(WORDS.length)]).join(" ");
  const day = (/** @type {number} */ place) => new Date(Date.UTC(2026, 9, 1) + place * 86_400_000).toISOString().slice(0, 10);
  const someone = () => (roll(15) ? id(1, 2 + roll(58)) : PERSON);
  const put = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {any} */ data) => ({ kind, id: name, op: "put", data });
  for (let n = 0; n < 12; n++) yield put("unit", id(2, n), { name: `Phòng ${n}`, short: `P${n}`, parent: n ? id(2, 0) : null, kind: n ? "room" : "centre", sort: n, active: true });
  for (let n = 1; n <= 60; n++) {
    const own = n === 1 ? { may_assign: [PERSON], nav: [{ key: "tasks", href: "/tasks", label: "Việc", icon: "tasks", wide: false }], judges: true, enters_plans: true, demo: false } : {};
    const name = n === 1 ? PERSON : id(1, n);
    yield put("person", name, { username: `p${n}`, name: `Nguyễn Văn ${n}`, position: "officer", title: "Chuyên viên", initials: "NV", unit: id(2, n % 12), rank: n, active: true, ...own });
  }
  for (let n = 0; n < tasks; n++) {
    const status = roll(100) < part ? ["not_started", "in_progress", "in_progress", "submitted"][roll(4)] : "completed";
    yield put("task", id(3, n), {
      number: `#26-${String(n + 1).padStart(3, "0")}`, title: `${say(12)} ${n}`, description: say(30), status, overdue: false, percent: roll(100), start: day(roll(60)),
      due: roll(9) ? day(roll(120)) : null, no_due: null, due_text: "", cadence: null, priority: ["normal", "normal", "urgent", "critical"][roll(4)], kind: "planned",
      unit: id(2, roll(12)), field: null, parent: null, parent_task: null, children: 0, open_children: 0, product: null, product_text: say(4), quantity: 1, creator: someone(),
      assigner: someone(), delegate: null, overseer: null, lead: someone(), lead_share: 0.7, lead_percent: 40, lead_state: "active",
      collaborators: [{ person: someone(), share: 0.2, percent: 10, state: "active" }, { person: someone(), share: 0.1, percent: 20, state: "active" }], followers: [someone()],
      checklist: [0, 1, 2].map((place) => ({ id: id(4, n * 3 + place), text: say(5), done: false, done_by: null, done_at: null })), source: { number: `${n}/KH-UBND`, date: null, issuer: "UBND tỉnh" },
      outside_leads: "", outside_partners: "", plan: null, handed_back: false, handed_back_reason: "", extension: null, files: [], attachments: [], version: 3, demo: false,
      created_at: `${day(0)}T08:00:00.000+07:00`, changed_at: `${day(roll(60))}T08:00:00.000+07:00`, started_at: null, submitted_at: null, completed_at: null,
      can: Object.fromEntries(MOVES.map((move) => [move, roll(2) === 1])), reviewable: [], reviewers: [someone()],
    });
  }
  const moment = () => `${day(roll(50))}T09:00:00.000+07:00`;
  for (let n = 0; n < reports; n++) yield put("report", id(5, n), { task: id(3, roll(tasks)), person: someone(), kind: "progress", percent: roll(100), note: say(10), quantity: null, files: [], attachments: [], at: moment(), received: moment() });
  for (let n = 0; n < reports / 2; n++) yield put("review", id(6, n), { task: id(3, roll(tasks)), person: someone(), reviewer: someone(), verdict: "accept", detail: false, note: say(5), at: moment() });
  for (let n = 0; n < reports / 2; n++) yield put("comment", id(7, n), { task: id(3, roll(tasks)), person: someone(), text: say(12), mentions: [], files: [], attachments: [], at: moment() });
}

/** A first copy in pages of 500, out of the page itself: how long the device took for it, ms. @param {any} size */
async function fill(size) {
  const store = await open(PERSON);
  const every = [...rows(size)];
  const pages = Array.from({ length: Math.ceil(every.length / 500) }, (_, place) => JSON.stringify({ cursor: `c${place}`, more: (place + 1) * 500 < every.length, reset: false, changes: every.slice(place * 500, place * 500 + 500) }));
  const quiet = JSON.stringify({ cursor: "quiet", more: false, reset: false, changes: [] });
  const began = performance.now();
  await store.pull({ fetch: /** @type {any} */ (async () => new Response(pages.shift() ?? quiet, { headers: { "Soviec-Person": PERSON } })) });
  const took = performance.now() - began;
  store.close();
  return { took, rows: every.length };
}

/** One page, and how long each part of it took, ms. @param {any} store @param {string} address */
async function page(store, address) {
  const began = performance.now();
  const url = new URL(address, location.href);
  const view = await store.view();
  const name = url.pathname === "/" ? "today" : url.pathname === "/tasks" ? "list" : "one";
  const desk = { url, request: new Request(url), view, store, days: workingDays(view), htmx: false, target: "", online: false, maxBytes: 25_000_000, csrf: "", client: "" };
  const given = await HANDLERS[name](desk, ...(name === "one" ? [url.pathname.split("/")[2]] : []));
  const context = performance.now() - began;
  const text = await respond(desk, given).text();
  return { context, whole: performance.now() - began, size: text.length };
}

/** The first page of a worker that was just started, then the same again and again. @param {{address: string, warm: number, release: any}} asked */
async function measure({ address, warm, release }) {
  const starting = performance.now();
  await load(release);
  const loaded = performance.now() - starting;
  const began = performance.now();
  const store = await open(PERSON);
  const opened = performance.now() - began;
  const first = await page(store, address);
  const again = [];
  for (let turn = 0; turn < warm; turn++) again.push(await page(store, address));
  store.close();
  return { loaded, cold: { context: opened + first.context, whole: opened + first.whole, size: first.size }, warm: again };
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage(await (data.fill ? fill(data.fill) : measure(data)));
  } catch (error) {
    postMessage({ error: String(/** @type {any} */ (error).stack ?? error) });
  }
});
postMessage("ready");
