// The node half of scripts/check-mermaid: CACHE FILE|FOLDER...
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [cache, ...paths] = process.argv.slice(2);
const require = createRequire(join(cache, "package.json"));
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>");
globalThis.window = window;
globalThis.document = window.document;
// The lexer of flowcharts asks whether its target is an element.
globalThis.Element = window.Element;
const folder = join(cache, "node_modules", "mermaid");
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const { default: mermaid } = await import(pathToFileURL(join(folder, "dist", "mermaid.core.mjs")));
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

// Mermaid's own limit (maxTextSize); a longer text is drawn as an error.
const MAX_TEXT = 50_000;

function* files(path) {
  if (!statSync(path).isDirectory()) return yield path;
  for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

function* diagrams(file) {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".mmd")) return yield { where: file, text };
  if (!file.endsWith(".md")) return;
  for (const match of text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) {
    const line = text.slice(0, match.index).split("\n").length;
    yield { where: `${file}:${line}`, text: match[1] };
  }
}

// What the text plainly says it holds, to be compared with what Mermaid understood.
function expected(text) {
  const lines = text.split("\n").map((line) => line.trim());
  return {
    entities: lines.filter((line) => /^\w+\["/.test(line)).length,
    relations: lines.filter((line) => /^\w+ [|}][|o](--|\.\.)[|o][|{] \w+ : /.test(line)).length,
  };
}

async function problem(text) {
  if (text.length > MAX_TEXT) return `${text.length} characters, Mermaid draws ${MAX_TEXT}`;
  try {
    await mermaid.parse(text);
    if (!/^erDiagram/m.test(text)) return null;
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const entities = db.getEntities();
    const found = {
      entities: entities.size ?? Object.keys(entities).length,
      relations: db.getRelationships().length,
    };
    const wanted = expected(text);
    for (const what of ["entities", "relations"]) {
      if (found[what] !== wanted[what]) return `${wanted[what]} ${what} written, ${found[what]} read`;
    }
    return null;
  } catch (error) {
    return String(error.message ?? error).split("\n").slice(0, 4).join(" | ");
  }
}

let count = 0;
let failed = 0;
for (const path of paths) {
  for (const file of files(path)) {
    for (const { where, text } of diagrams(file)) {
      count += 1;
      const message = await problem(text);
      if (message) {
        failed += 1;
        console.error(`${where}: ${message}`);
      }
    }
  }
}
console.log(`mermaid ${version}: ${count} diagrams, ${failed} failed`);
process.exit(failed > 0 || count === 0 ? 1 : 0);
