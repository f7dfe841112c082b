// Who is on a task after other people were named for it; shares as the server counts them. The mirror of server/tasks/commands/assign.py.

/** @typedef {{person: string, share?: number | null}} Share */

/**
 * The shares as parts of 1: what is given, and nothing where nothing is. Where one of them is greater than 1 all are per cents.
 * @param {Share[]} given
 * @returns {number[]}
 */
export function shares(given) {
  const per = given.some((one) => (one.share ?? 0) > 1) ? 100 : 1;
  return given.map((one) => Math.round(((one.share ?? 0) / per) * 1000) / 1000);
}

/**
 * Names the lead, the collaborators and the followers of a draft. Who stays keeps his percent, and his acceptance in the same role.
 * @param {any} task
 * @param {string} lead
 * @param {Share[]} collaborators
 * @param {string[]} followers
 * @param {{fresh?: boolean}} [how] `fresh`: nobody has done anything yet
 */
export function namePeople(task, lead, collaborators, followers, { fresh = false } = {}) {
  /** @type {Map<string, {percent: number, state: string, role: string}>} */
  const had = new Map();
  if (!fresh) {
    if (task.lead) had.set(task.lead, { percent: task.lead_percent ?? 0, state: task.lead_state, role: "lead" });
    for (const one of task.collaborators) had.set(one.person, { percent: one.percent, state: one.state, role: "collaborator" });
  }
  /** @param {string} person @param {string} role */
  const part = (person, role) => {
    const old = had.get(person);
    return { percent: old?.percent ?? 0, state: old?.role === role && old.state === "accepted" ? "accepted" : "active" };
  };
  const counted = shares(collaborators);
  const led = part(lead, "lead");
  task.collaborators = collaborators.map((one, place) => ({ person: one.person, share: counted[place], ...part(one.person, "collaborator") }));
  task.lead_share = Math.round((1 - counted.reduce((sum, share) => sum + share, 0)) * 1000) / 1000;
  Object.assign(task, { lead, lead_percent: led.percent, lead_state: led.state });
  const on = new Set([lead, ...collaborators.map((one) => one.person)]);
  task.followers = followers.filter((one) => !on.has(one));
  return had;
}
