// What can be refused on the device at once, with the same sentence and status as the server's.
import { say } from "../../base/words.js";

/** The HTTP status of each code, as server/errors.py has it; `full` is the device alone. @type {Record<string, number>} */
export const STATUS = { not_allowed: 403, invalid: 422, conflict: 409, gone: 410, not_found: 404, full: 507 };

/** Something that the person can put right. `field` is the form's field at fault, or nothing. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} [field]
   */
  constructor(code, message, field = "") {
    super(message);
    this.code = code;
    this.field = field;
  }

  get status() {
    return STATUS[this.code] ?? 422;
  }
}

/** @param {string} key @param {string} [field] @param {Record<string, unknown>} [values] @returns {Refusal} what the form says can't be taken */
export const invalid = (key, field, values) => new Refusal("invalid", say(key, values), field);
