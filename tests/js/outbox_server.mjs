// The server's half of the protocol, small, in memory, with the faults of real lines: for tests of what sends.
import { createHash } from "node:crypto";

export const ANNA = "01900000-0000-7000-8000-00000000000a";
export const BINH = "01900000-0000-7000-8000-00000000000b";

const reply = (status, body, headers = {}) => new Response(body === null ? null : JSON.stringify(body), { status, headers });

export class FakeServer {
  person = ANNA;
  token = "t1";
  /** queue → last_seq; mutation id → {seq, answer}; effects in order */
  last = new Map();
  answers = new Map();
  effects = [];
  /** what arrived of a file; whole files */
  pieces = new Map();
  files = new Map();
  requests = [];
  /** (mutation) → {code, message} to refuse it */
  refuses = () => null;
  /** (method, path, request number) → "before" | "after" | a Response | undefined */
  fault = () => undefined;
  refusesFile = () => null;
  most = 1000;
  /** how many mutations it takes before it fails, in every push */
  failsAfter = Infinity;
  shuffled = false;

  fetch = async (path, init = {}) => {
    const method = init.method ?? "GET";
    const url = new URL(path, "http://soviec.test");
    this.requests.push({ method, path: url.pathname, init });
    const fault = this.fault(method, url.pathname, this.requests.length);
    if (fault instanceof Response) return fault;
    if (fault === "before") throw new TypeError("network");
    if (fault === "hang") await new Promise((_, fail) => init.signal.addEventListener("abort", () => fail(init.signal.reason)));
    if (fault === "doubled") await this.answer(method, url, init);
    const said = await this.answer(method, url, init);
    if (fault === "after") throw new TypeError("network");
    return said;
  };

  async answer(method, url, init) {
    if (!this.person) return reply(401, { code: "signed_out", message: "", field: null });
    const head = { "Soviec-Person": this.person };
    if (url.pathname === "/api/v1/session") return reply(200, { person: { id: this.person }, csrf_token: this.token }, head);
    if (["POST", "PUT"].includes(method) && init.headers["X-CSRF-Token"] !== this.token) return reply(403, { code: "not_allowed", message: "" });
    if (url.pathname === "/sync/push") return this.push(JSON.parse(init.body), head);
    if (url.pathname === "/sync/pull") return reply(200, { cursor: "c", more: false, reset: !url.searchParams.get("cursor"), changes: [] }, head);
    if (url.pathname.startsWith("/files/")) return this.file(method, url, init);
    return reply(404, { code: "not_found", message: "" });
  }

  push({ client_id, person, mutations }, head) {
    if (person !== this.person) return reply(409, { code: "other_person", message: "" }, head);
    if (mutations.length > this.most) return reply(413, { code: "invalid", message: "quá nhiều" }, head);
    if (mutations.some((one) => one.args?.broken)) return reply(400, { code: "invalid", message: "không đọc được" }, head);
    const key = `${client_id}:${person}`;
    const results = [];
    for (const { seq, id, args, name } of mutations) {
      const last = this.last.get(key) ?? 0;
      const known = this.answers.get(id);
      if (seq <= last) {
        const given = known ?? { status: "rejected", code: "conflict", message: "số đã dùng", data: {} };
        results.push({ seq, id, ...given });
        continue;
      }
      if (seq > last + 1) break;
      if (results.length >= this.failsAfter) break;
      if (!known) {
        const missing = (args.files ?? []).find((sha) => !this.files.has(sha));
        const refused = missing ? { code: "invalid", message: "thiếu tệp" } : this.refuses({ seq, id, args, name });
        this.answers.set(id, refused ? { status: "rejected", ...refused, data: {} } : { status: "applied", code: "", message: "", data: { n: this.effects.length } });
        if (!refused) this.effects.push({ id, name, args });
      }
      this.last.set(key, seq);
      results.push({ seq, id, ...this.answers.get(id) });
    }
    if (this.failsAfter === 0 && mutations.length) return reply(500, { code: "server", message: "" }, head);
    if (this.shuffled) results.reverse();
    return reply(200, { last_seq: this.last.get(key) ?? 0, results }, head);
  }

  async file(method, url, init) {
    const sha = url.pathname.split("/")[2];
    const here = () => this.pieces.get(sha)?.length ?? 0;
    const said = (status, body, offset = here(), complete = false) => reply(status, body, { "Upload-Offset": String(offset), "Upload-Complete": complete ? "?1" : "?0" });
    const whole = this.files.get(sha);
    if (method === "HEAD") {
      if (whole) return said(200, null, whole.length, true);
      return said(here() ? 200 : 404, null);
    }
    if (whole) return said(200, {}, whole.length, true);
    const [, first, last, total] = /bytes (\d+)-(\d+)\/(\d+)/.exec(init.headers["Content-Range"]).map(Number);
    if (total > (this.limit ?? Infinity)) return said(413, { code: "invalid", message: "tệp quá lớn" });
    if (first > here()) return said(409, { code: "conflict", message: "thiếu phần trước" });
    const body = Buffer.from(await init.body.arrayBuffer());
    if (body.length !== last - first + 1) return said(422, { code: "invalid", message: "sai độ dài" });
    this.pieces.set(sha, Buffer.concat([(this.pieces.get(sha) ?? Buffer.alloc(0)).subarray(0, first), body]));
    if (here() < total) return said(202, { received: here(), complete: false });
    const bytes = this.pieces.get(sha);
    this.pieces.delete(sha);
    if (createHash("sha256").update(bytes).digest("hex") !== sha) return said(422, { code: "invalid", message: "không khớp mã kiểm tra" });
    const refused = this.refusesFile(sha);
    if (refused) return said(422, { code: "invalid", message: refused });
    this.files.set(sha, bytes);
    return said(201, { sha256: sha }, total, true);
  }
}
