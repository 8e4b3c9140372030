/**
 * Writes src/api/types.ts from the published schemas; `--check` only says whether the file is up to date.
 *
 * The server writes every field of a document, also those that have a default: so all of them are there, and required.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const SCHEMAS = new URL("../../docs/schema/", import.meta.url);
const TARGET = new URL("../src/api/types.ts", import.meta.url);
const DOCUMENTS = [
  "about",
  "check-news",
  "diagnosis",
  "explanation",
  "finding-change",
  "findings",
  "findings-news",
  "fleet-check",
  "host-change",
  "inventory",
  "journal",
  "not-written",
  "plan",
  "plan-asked",
  "report",
  "service-detail",
  "services-news",
];
const BANNER = "/* Made from docs/schema by `npm run types`. Change it there. */";

/** All definitions of the documents under one roof; a definition that two of them share is the same in both. */
function joined() {
  const definitions = {};
  for (const name of DOCUMENTS) {
    const schema = JSON.parse(readFileSync(new URL(`${name}.schema.json`, SCHEMAS), "utf8"));
    for (const [title, definition] of Object.entries(schema.$defs)) definitions[title] = sorted(definition);
  }
  const roof = { title: "Documents", type: "object", properties: {}, definitions, additionalProperties: false };
  return JSON.parse(JSON.stringify(roof).replaceAll("#/$defs/", "#/definitions/"));
}

/** The definition with every field required, without titles of fields and without Python's indentation in texts. */
function sorted(definition) {
  const { description, ...rest } = definition;
  const text = description?.replaceAll(/\n {4}/g, "\n").replaceAll("``", "`");
  const required = rest.properties ? { required: Object.keys(rest.properties), additionalProperties: false } : {};
  return { ...rest, ...required, ...(text ? { description: text } : {}) };
}

async function source() {
  const made = await compile(joined(), "Documents", {
    additionalProperties: false,
    bannerComment: BANNER,
    style: { printWidth: 120 },
    unreachableDefinitions: true,
  });
  return made
    .replaceAll(
      /\/\*\*\n \* This interface was referenced by `Documents`'s JSON-Schema\n \* via the `definition` "\w+"\.\n \*\/\n/g,
      "",
    )
    .replaceAll(
      / \*\n \* This interface was referenced by `Documents`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g,
      "",
    )
    .replace(/export interface Documents \{\}\n/, "");
}

const wanted = await source();
if (process.argv.includes("--check")) {
  if (readFileSync(TARGET, "utf8") !== wanted) {
    console.error("src/api/types.ts is not what docs/schema says; write it anew: npm run types");
    process.exit(1);
  }
} else {
  writeFileSync(fileURLToPath(TARGET), wanted);
}
