// Writes css/theme.css from the colours in designsystemet.config.json. Run by hand when a colour changes:
//   node theme/make.mjs
// It fetches Designsystemet's token tool, which the ordinary build does not need.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TOOL = "@digdir/designsystemet@1.15.0";
const here = dirname(fileURLToPath(import.meta.url));
const config = join(here, "designsystemet.config.json");
const [standard, ...others] = Object.keys(JSON.parse(readFileSync(config, "utf8")).themes);

const work = mkdtempSync(join(tmpdir(), "theme-"));
const run = (...args) => execFileSync("npx", ["--yes", TOOL, "tokens", ...args], { cwd: work, stdio: ["ignore", "ignore", "inherit"] });
run("create", "--config", config);
run("build", "--out-dir", "css");
const tokens = Object.fromEntries([standard, ...others].map((name) => [name, readFileSync(join(work, "css", `${name}.css`), "utf8")]));
rmSync(work, { recursive: true });

/** The accent's own colours in one scheme, as declarations. */
function accent(name, scheme) {
  const layer = tokens[name].split("@layer ").find((part) => part.startsWith(`ds.theme.color-scheme.${scheme}`));
  const found = [...layer.matchAll(/(--ds-color-accent-[\w-]+): (#\w+);/g)];
  return [...new Map(found.map(([, property, value]) => [property, value]))].map(([property, value]) => `  ${property}: ${value};`).join("\n");
}

const choices = others.map((name) => `[data-theme="${name}"] {
${accent(name, "light")}
}
@media (prefers-color-scheme: dark) {
[data-theme="${name}"][data-color-scheme="auto"] {
${accent(name, "dark")}
}
}
[data-theme="${name}"][data-color-scheme="dark"] {
${accent(name, "dark")}
}
`);
const head = `/* Made by theme/make.mjs from theme/designsystemet.config.json with ${TOOL}: change the colours there. */\n`;
const body = tokens[standard].replace('@charset "UTF-8";\n', "");
// Paper is always light.
const css = `${head}${body}\n@layer ds.theme.choice {\n${choices.join("\n")}}\n`.replaceAll("@media (prefers-color-scheme", "@media screen and (prefers-color-scheme");
writeFileSync(join(here, "..", "css", "theme.css"), css);
