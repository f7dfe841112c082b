// Reads {"files": [{"kind", "base64"}]}, writes the same pictures without their place, in base64; null where that can't be done.
import { withoutPlace } from "../../static/js/outbox/metadata.js";

let given = "";
for await (const chunk of process.stdin) given += chunk;
const bare = JSON.parse(given).files.map(({ kind, base64 }) => {
  const bytes = withoutPlace(new Uint8Array(Buffer.from(base64, "base64")), kind);
  return bytes && Buffer.from(bytes).toString("base64");
});
process.stdout.write(JSON.stringify(bare));
