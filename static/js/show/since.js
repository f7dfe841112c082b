// Loads with what was moved since they were counted: the mirror of server/insight/load/since.py and of the arithmetic in load/rules.py.

/** @typedef {import("./calendar.js").WorkingDays} WorkingDays */
/** @typedef {{day: string, demand: number, capacity: number, index: number}} Day */
/** @typedef {{task: string, minutes: number, source: string}} Part */
/** Indexes in thousandths. @typedef {{person: string, peak: number, low: number, high: number, band: string, days: Day[], tasks: Part[], at: string}} Carrying */
/** @typedef {{lead: string | null, people: Set<string>, due: string | null}} On */

const MOST = 9.99;
const TINY = 1e-6;
/** As many tasks are named with a load. */
const FULL = 30;

/** What an index is called. @param {number} value in thousandths @returns {string} */
export function bandOf(value) {
  if (value > 1200) return "severe";
  if (value > 1000) return "over";
  if (value > 850) return "watch";
  return value > 500 ? "fair" : "light";
}

/** Minutes on each of the next working days. @param {number} minutes @param {number | null} left @param {number} horizon @returns {number[]} */
function spread(minutes, left, horizon) {
  const days = Array.from({ length: horizon }, () => 0);
  if (left === null) return days.map(() => minutes / (2 * horizon));
  if (left <= 1) return days.map((_, place) => (place ? 0 : minutes));
  return days.map((_, place) => (place < left ? minutes / left : 0));
}

/** @param {string | null} due @param {string} today @param {WorkingDays} calendar @returns {number | null} working days to the due date, today among them */
export const daysLeft = (due, today, calendar) => (due ? calendar.between(today, due) + (calendar.isWorking(today) ? 1 : 0) : null);

/** The load with so many minutes more (fewer, below 0) of a task with so many days left. @param {Carrying} load @param {number} minutes @param {number | null} left @returns {Carrying} */
export function changed(load, minutes, left) {
  const sign = minutes > 0 ? 1 : -1;
  const more = spread(Math.abs(minutes), left, load.days.length);
  let [asked, there] = [0, 0];
  const days = load.days.map((day, place) => {
    const demand = Math.max(0, day.demand + sign * (more[place] ?? 0));
    asked += demand;
    there += day.capacity;
    const index = asked <= 0 ? 0 : Math.min(MOST, asked / Math.max(there, TINY));
    return { day: day.day, demand: Math.floor(demand + 0.5), capacity: day.capacity, index: Math.floor(index * 1000 + 0.5) };
  });
  const peak = Math.max(0, ...days.map((day) => day.index));
  const scaled = (/** @type {number} */ bound) => (load.peak ? Math.floor((bound * peak) / load.peak + 0.5) : peak);
  return { ...load, peak, low: scaled(load.low), high: scaled(load.high), band: bandOf(peak), days };
}

/** @param {Part} one @param {Part} other */
const byWork = (one, other) => other.minutes - one.minutes || (one.task < other.task ? -1 : 1);

/**
 * The loads, with tasks that have another lead by now taken from the one and given to the other.
 * @param {Map<string, Carrying>} loads
 * @param {Map<string, On>} tasks
 * @param {string} today
 * @param {WorkingDays} calendar
 * @returns {Map<string, Carrying>}
 */
export function settled(loads, tasks, today, calendar) {
  const found = new Map(loads);
  for (const [person, load] of loads) {
    for (const part of load.tasks) {
      const task = tasks.get(part.task);
      const mine = found.get(person);
      if (!task || !mine || task.people.has(person)) continue;
      const left = daysLeft(task.due, today, calendar);
      found.set(person, { ...changed(mine, -part.minutes, left), tasks: mine.tasks.filter((one) => one.task !== part.task) });
      const taker = found.get(task.lead ?? "");
      if (taker && taker.tasks.length < FULL && taker.tasks.every((one) => one.task !== part.task)) {
        found.set(taker.person, { ...changed(taker, part.minutes, left), tasks: [...taker.tasks, part].sort(byWork) });
      }
    }
  }
  return found;
}
