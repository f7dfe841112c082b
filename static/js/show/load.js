// The context of Cân tải: the mirror of server/insight/load/show.py.
import { weekday } from "../base/time.js";
import { say } from "../base/words.js";
import { centreOf, roomsWith, working } from "./board.js";
import { card } from "./cards.js";
import { bandOf, changed, daysLeft } from "./since.js";
import { day, longDay, moment, nameOf, person } from "./values.js";

/** @typedef {import("./board.js").Board} Board */
/** @typedef {import("./since.js").Carrying} Carrying */

/** People that one page shows. */
const PAGE = 60;
const HORIZON = 10;
const SHORT = /** @type {const} */ (["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
/** The colour and the icon of each band. @type {Record<string, readonly [string, string]>} */
const LOOKS = { light: ["wait", "circle"], fair: ["done", "done"], watch: ["soon", "alert"], over: ["late", "late"], severe: ["late", "late"] };
const BAR = 1500;
const HALF = 0.75;

/** @param {number} value thousandths @returns {string} `1,31` */
export function indexText(value) {
  const hundredths = Math.floor((value + 5) / 10);
  return `${Math.floor(hundredths / 100)},${String(hundredths % 100).padStart(2, "0")}`;
}

/** @param {number} value thousandths @returns {string} `0,9` */
function tenths(value) {
  const found = Math.floor((value + 50) / 100);
  return `${Math.floor(found / 10)},${found % 10}`;
}

/** @param {number} minutes @returns {string} `45 phút`, `3,5 giờ` */
function timeText(minutes) {
  if (minutes < 60) return say("insight.load.minutes", { count: minutes });
  const found = Math.floor((minutes * 10 + 30) / 60);
  const [whole, part] = [Math.floor(found / 10), found % 10];
  const count = part ? `${whole},${part}` : whole;
  return say("insight.load.hours", { count });
}

/** The page of loads with these in its address. @param {{unit?: string, person?: string, move?: string, start?: number}} given @returns {string} */
export function address({ unit = "", person: whose = "", move = "", start = 0 } = {}) {
  const said = Object.entries({ unit, person: whose, move, start: start ? String(start) : "" }).filter(([, value]) => value);
  return said.length ? `/foresight/load?${new URLSearchParams(said)}` : "/foresight/load";
}

/** @param {Board} board @returns {string[]} the next working days, today first if it is one */
function columnsOf({ view, days }) {
  const first = days.isWorking(view.today) ? view.today : days.add(view.today, 1);
  return Array.from({ length: HORIZON }, (_, place) => days.add(first, place));
}

/** @param {string} one @param {string} today */
const column = (one, today) => ({ day: day(one).slice(0, 5), short: say(`insight.load.short.${SHORT[weekday(one)]}`), today: one === today });

/** The next working days of one person, each with its column's heading. @param {Carrying | undefined} load @param {Board} board */
export function dayCells(load, board) {
  const known = new Map((load?.days ?? []).map((one) => [one.day, one]));
  const most = Math.max(0, ...[...known.values()].map((one) => one.capacity));
  return columnsOf(board).map((name) => {
    const one = known.get(name);
    const heading = column(name, board.view.today);
    if (!one) return { ...heading, percent: "", kind: "none", away: "", said: say("insight.load.day_uncounted", { day: longDay(name) }) };
    const away = one.capacity === 0 ? "whole" : one.capacity < most * HALF ? "half" : "";
    const percent = String(Math.floor((one.index + 5) / 10));
    const said = say("insight.load.day", { day: longDay(name), percent, word: say(`insight.load.band.${bandOf(one.index)}`) });
    return { ...heading, percent, kind: LOOKS[bandOf(one.index)]?.[0] ?? "", away, said: away ? `${said}, ${say(`insight.load.away.${away}`)}` : said };
  });
}

/** The one number of a person's load with its word, colour, interval and bar. @param {Carrying | undefined} load */
export function loadSummary(load) {
  if (!load) return { counted: false, peak: "", kind: "wait", icon: "circle", word: say("insight.load.uncounted"), interval: "", bar: 0 };
  const [kind, icon] = LOOKS[load.band] ?? ["wait", "circle"];
  const interval = load.low === load.high ? "" : say("insight.load.interval", { interval: `${tenths(load.low)}–${tenths(load.high)}` });
  const bar = Math.min(100, Math.floor((load.peak * 100) / BAR));
  return { counted: true, peak: indexText(load.peak), kind, icon, word: say(`insight.load.band.${load.band}`), interval, bar };
}

/** The frame, the columns and the people of one page. @param {Board} board @param {string} opened @param {number} start */
export function loadContext(board, opened, start) {
  const { scope, view, loads, takers } = board;
  const unit = view.get("unit", scope.unit || view.me.unit);
  const shown = scope.people.slice(start, start + PAGE);
  const newest = [...loads.values()].map((one) => one.at).sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
  const left = scope.people.length - start - shown.length;
  return {
    scope: scope.kind,
    title: say(scope.kind === "own" ? "insight.load.title_own" : "insight.load.title"),
    unit_name: scope.kind === "centre" ? say("insight.load.centre") : unit ? unit.name : "",
    unit: scope.unit,
    tabs: tabsOf(board),
    rooms: roomLinks(board),
    columns: columnsOf(board).map((one) => column(one, view.today)),
    people: shown.map((one) => rowOf(board, one, opened, start)),
    more: left > 0 ? { href: address({ unit: scope.unit, start: start + PAGE }), label: say("insight.load.more", { count: left }) } : null,
    at: newest ? say("insight.load.counted", { when: moment(newest, view.now) }) : "",
    moves: scope.people.some((one) => takers.has(one.id)),
    empty: { title: say("insight.load.empty_title"), text: say("insight.load.empty_text") },
  };
}

/** @param {Board} board */
function tabsOf({ scope, view }) {
  if (!scope.wide) return [];
  const rooms = roomsWith(view, scope.people).map((one) => one.id);
  const own = view.me.unit ?? "";
  const room = scope.unit || (rooms.includes(own) ? own : rooms[0] ?? "");
  return [
    { href: address({ unit: room }), label: say("insight.load.tab_room"), count: 0, current: scope.kind === "room" },
    { href: address(), label: say("insight.load.tab_centre"), count: 0, current: scope.kind === "centre" },
  ];
}

/** The rooms to choose from, for who may look at each. @param {Board} board */
function roomLinks({ scope, view }) {
  if (!scope.wide || scope.kind !== "room") return [];
  const centre = centreOf(view, view.me.unit);
  const inside = working(view).filter((one) => centreOf(view, one.unit) === centre);
  return roomsWith(view, inside).map((one) => ({ href: address({ unit: one.id }), label: one.short || one.name, current: one.id === scope.unit }));
}

/** @param {Board} board @param {any} one @param {string} opened @param {number} start */
function rowOf(board, one, opened, start) {
  const { scope, view, loads, takers } = board;
  const load = loads.get(one.id);
  const unit = view.get("unit", one.unit);
  const open = one.id === opened;
  return {
    ...loadSummary(load),
    id: one.id,
    person: person(view, one.id),
    unit: unit && scope.kind === "centre" ? unit.short || unit.name : "",
    days: dayCells(load, board),
    href: address({ unit: scope.unit, person: open ? "" : one.id, start }),
    open,
    takes: takers.has(one.id),
  };
}

/** What one person's load is made of, the largest part first. @param {Board} board @param {string} whose */
export function openedContext(board, whose) {
  const { scope, view, loads, tasks, takers, days } = board;
  const parts = loads.get(whose)?.tasks ?? [];
  const own = whose === view.person;
  const name = nameOf(view, whose);
  const others = takers.size - Number(takers.has(whose)) > 0;
  const shown = parts.flatMap((part) => {
    const task = tasks.get(part.task);
    if (!task) return [];
    const leads = task.lead === whose;
    return [
      {
        ...card(task, view, days),
        time: timeText(part.minutes),
        source: say(`insight.load.source.${part.source}`),
        part: leads ? "" : say("insight.load.part"),
        move_href: leads && task.can.assign && others ? address({ unit: scope.unit, person: whose, move: part.task }) : "",
        says: leads && (own || takers.has(whose)),
        uid: `-${part.task}`,
      },
    ];
  });
  return {
    id: whose,
    name,
    heading: own ? say("insight.load.made_of_own") : say("insight.load.made_of", { name }),
    tasks: shown,
    hidden: parts.length - shown.length,
    empty: say("insight.load.nothing"),
    leave_href: own || takers.has(whose) ? `/foresight/leave?person=${whose}` : "",
  };
}

/**
 * The form that gives a task to somebody else.
 * @param {Board} board
 * @param {string} whose
 * @param {any} task
 * @param {string} chosen
 * @param {{values: Record<string, string>, field: string, message: string} | null} [refused]
 */
export function moveContext(board, whose, task, chosen, refused = null) {
  const { scope, view, loads, takers, days } = board;
  const options = scope.people
    .filter((one) => takers.has(one.id) && one.id !== whose)
    .map((one) => {
      const load = loads.get(one.id);
      return { value: one.id, label: say("insight.load.option", { name: one.name, title: one.title, index: load ? indexText(load.peak) : "–" }) };
    });
  const wanted = refused?.values.lead ?? chosen;
  const to = options.some((one) => one.value === wanted) ? wanted : "";
  const field = refused?.field ?? "";
  const shown = card(task, view, days);
  return {
    task: task.id,
    title: shown.title,
    number: shown.number,
    giver: nameOf(view, whose),
    options,
    to,
    reason: refused?.values.reason ?? say("insight.load.reason"),
    effect: effectsOf(board, whose, task, to),
    cancel: address({ unit: scope.unit, person: whose }),
    errors: field === "lead" || field === "reason" ? { [field]: refused?.message ?? "" } : {},
    message: field === "lead" || field === "reason" ? "" : (refused?.message ?? ""),
  };
}

/** Both indexes before and after, where both are counted. @param {Board} board @param {string} giver @param {any} task @param {string} to */
function effectsOf({ loads, view, days }, giver, task, to) {
  const [before, taker] = [loads.get(giver), loads.get(to)];
  const part = before?.tasks.find((one) => one.task === task.id);
  if (!before || !taker || !part) return [];
  const left = daysLeft(task.due, view.today, days);
  return [
    effectOf(nameOf(view, giver), before.peak, changed(before, -part.minutes, left).peak),
    effectOf(nameOf(view, to), taker.peak, changed(taker, part.minutes, left).peak),
  ];
}

/** What a move does to one person: his index before and after, in thousandths. @param {string} name @param {number} before @param {number} after */
export function effectOf(name, before, after) {
  const band = bandOf(after);
  return { name, before: indexText(before), after: indexText(after), kind: LOOKS[band]?.[0] ?? "", word: say(`insight.load.band.${band}`) };
}
