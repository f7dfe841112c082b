// What saving needs of the rooms beside it, in one place that a test can fill with its own.
import { enter } from "../../outbox/entries.js";
import { labelOf } from "../../outbox/labels.js";
import { prepare } from "../../outbox/photos.js";
import { run, settled } from "../run.js";

export const tools = { enter, labelOf, prepare, run, settled };

/** How long a form waits for the server's answer before the page says that it waits. */
export const WAIT_MS = 2500;
