// Which release the scripts of this page are of: their own address says it.

export const VERSION = /\/v-([^/]+)\//.exec(new URL(import.meta.url).pathname)?.[1] ?? "";
