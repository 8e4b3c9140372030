/** Says how much the page is on the way to a browser, and fails where that is more than we want. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const STATIC = new URL("../../meshglobal/dashboard/static/", import.meta.url);
const MOST = 80_000;

const sizes = ["app.js", "worker.js", "app.css", "index.html"].map((name) => [
  name,
  gzipSync(readFileSync(new URL(name, STATIC)), { level: 9 }).length,
]);
const all = sizes.reduce((sum, [, size]) => sum + size, 0);
console.log(`${sizes.map(([name, size]) => `${name} ${size}`).join(", ")}: ${all} of at most ${MOST} bytes, gzip`);
if (all > MOST) {
  console.error("the page is too large");
  process.exit(1);
}
