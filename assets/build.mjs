// Builds portal/ui/static/ui: style, font, script and pictures with names that carry a hash of their content,
// a gzipped twin of each text, and manifest.json from plain name to hashed name.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import subsetFont from "subset-font";
import { outlineOfNorway } from "./outline.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "portal", "ui", "static", "ui");

const characters = (...ranges) =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step))).join("");

// Inter with its optical sizes, cut to the letters of Western Europe, and apart from them, fetched only by pages
// that use one, the letters of Sámi, Polish, Baltic and Turkish names. The ranges are the same in css/font.css.
const FONTS = {
  "inter.woff2": ["latin", characters([0x20, 0x7e], [0xa0, 0xff], [0x2010, 0x2026]) + "‹›€−→"],
  "inter-extended.woff2": ["latin-ext", characters([0x100, 0x17f])],
};

const fonts = {
  name: "fonts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^inter[\w-]*\.woff2$/ }, ({ path }) => ({ path, namespace: "font" }));
    onLoad({ filter: /.*/, namespace: "font" }, async ({ path }) => {
      const [script, letters] = FONTS[path];
      const whole = readFileSync(join(here, `node_modules/@fontsource-variable/inter/files/inter-${script}-opsz-normal.woff2`));
      const contents = await subsetFont(whole, letters, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } } });
      return { contents, loader: "file" };
    });
  },
};

/** The sources of one kind right in a folder, each built to a file of its own; css/pages holds what only some pages need. */
function sources(folder, extension) {
  return readdirSync(join(here, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) === extension)
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}

const entries = ["css/portal.css", ...sources("css/pages", ".css"), ...sources("js", ".js"), ...sources("img", ".svg")];

const { metafile, outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outbase: here,
  outdir: target,
  entryNames: "[dir]/[name].[hash]",
  assetNames: "font/[name].[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  loader: { ".svg": "copy", ".png": "dataurl" }, // the few pictures are those of Leaflet's own style
  plugins: [fonts],
  legalComments: "none",
  charset: "utf8",
  preserveSymlinks: true,
  metafile: true,
  write: false,
  logLevel: "warning",
});

rmSync(target, { recursive: true, force: true });
for (const { path, contents } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
  if (extname(path) !== ".woff2") writeFileSync(`${path}.gz`, gzipSync(contents, { level: 9 }));
}

const manifest = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  const built = relative(target, join(here, path));
  const [source] = output.entryPoint ? [output.entryPoint] : Object.keys(output.inputs);
  manifest[source.startsWith("font:") ? `font/${source.slice(5)}` : source] = built;
}
const outline = JSON.stringify(outlineOfNorway());
const outlineName = `map/norway.${createHash("sha256").update(outline).digest("hex").slice(0, 8).toUpperCase()}.json`;
mkdirSync(join(target, "map"), { recursive: true });
writeFileSync(join(target, outlineName), outline);
writeFileSync(join(target, `${outlineName}.gz`), gzipSync(outline, { level: 9 }));
manifest["map/norway.json"] = outlineName;
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => a.localeCompare(b)));
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);

for (const [name, built] of Object.entries(sorted)) {
  const bytes = statSync(join(target, extname(built) === ".woff2" ? built : `${built}.gz`)).size;
  console.log(`${name.padEnd(28)} ${(bytes / 1000).toFixed(1).padStart(6)} kB`);
}
