// How the scripts of a page hear of htmx, which is a classic script: its events with what they carry.

/**
 * @param {string} name
 * @param {(event: CustomEvent) => void} heard
 */
export const on = (name, heard) => document.addEventListener(name, (event) => heard(/** @type {CustomEvent} */ (event)));

/** What these scripts ask of it. @typedef {{ajax(verb: string, path: string, asked: object): Promise<void>, process(element: Element): void}} Htmx */

/** @returns {Htmx | undefined} nothing where it could not be loaded: pages are plain then */
export const htmx = () => /** @type {{htmx?: Htmx}} */ (/** @type {unknown} */ (window)).htmx;
