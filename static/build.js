// Builds everything the browser gets into build/: `npm run build`. The same input gives the same bytes.
// Scripts are modules, put together into one file a page by esbuild: Django's hashing of modules' imports stumbles over scripts of
// others, and one file cannot come in part.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild-wasm";
import { Logger, compile } from "sass";
import { optimize } from "svgo";

const here = dirname(fileURLToPath(import.meta.url));
const dkfds = join(here, "node_modules/dkfds/dist");
const build = join(here, "build");
const MUNICIPALITIES = 98;
// The package draws on a larger sheet; this is the part with land on it, and the size it gets here.
const LAND = { width: 10116, height: 12289 };
const MAP = { width: 560, height: 681 };

function write(path, text) {
  const target = join(build, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function copy(from, path) {
  const target = join(build, path);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(from, target);
}

// Django's manifest storage looks for the file such a comment names, and stops when it isn't there.
function withoutSourceMap(text) {
  return text.replace(/^\/\/# sourceMappingURL=.*$/gm, "").replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
}

// Every browser that can show these pages reads woff2: the older formats would only weigh.
function onlyWoff2(css) {
  return css.replace(/@font-face\{[^}]*\}/g, (face) => {
    const file = face.match(/url\([^)]*?([\w-]+\.woff2)"?\)/)?.[1];
    return file ? face.replace(/src:.*?(?=;|\})/, `src:url("../fonts/${file}") format("woff2")`) : face;
  });
}

function styles() {
  const theme = compile(join(here, "theme.scss"), {
    loadPaths: [join(dkfds, "scss")],
    logger: Logger.silent,
    style: "compressed",
  });
  const css = onlyWoff2(theme.css);
  write("css/dkfds.css", css);
  copy(join(here, "klimaspor.css"), "css/klimaspor.css");
  for (const [, path] of css.matchAll(/url\("?\.\.\/([^")]+)"?\)/g)) {
    const name = basename(path);
    if (path.startsWith("fonts/")) copy(join(dkfds, "fonts/IBMPlexSans/complete/woff2", name), path);
    else if (name === "klimaspor.svg") copy(join(here, name), path);
    else copy(join(dkfds, path), path);
  }
  copy(join(dkfds, "img/all-svg-icons.svg"), "img/icons.svg");
}

// What the papers print signs in that their own typeface lacks; paper-signs.css names them. DejaVu's "latin" is all it has. No browser gets
// them, and the engine of the papers unpacks the older format in a tenth of a second, the newer in three.
const SIGNS = {
  "dejavu-sans": ["dejavu-sans-latin-400-normal.woff", "dejavu-sans-latin-700-normal.woff"],
  "noto-emoji": ["noto-emoji-emoji-400-normal.woff"],
};

function signs() {
  for (const [typeface, files] of Object.entries(SIGNS)) {
    for (const file of files) copy(join(here, "node_modules/@fontsource", typeface, "files", file), `signs/${file}`);
  }
}

function scripts() {
  write("js/dkfds.js", withoutSourceMap(readFileSync(join(dkfds, "js/dkfds.min.js"), "utf8")));
  // Django's own support for modules stumbles over scripts of others, and a module that does not come would take the rest with it: so each
  // script is put together here, into one file under one hashed name. The WebAssembly edition runs everywhere and has no install script.
  buildSync({
    entryPoints: ["klimaspor.js", "autosave.js"].map((name) => join(here, "scripts", name)),
    outdir: join(build, "js"),
    bundle: true,
    format: "iife",
    charset: "utf8",
    logLevel: "warning",
  });
}

// In print the map is the size of a stamp: corners are enough, and curves would take minutes in the papers of a large meeting.
const CORNER_APART = 2;

function corners(code, d, scale) {
  if (/[^MmclZ\s\d.,-]/.test(d)) throw new Error(`${code} is drawn with commands nobody has taught me`);
  const rings = [];
  let [x, y] = [0, 0];
  for (const [, command, numbers] of d.matchAll(/([MmclZ])([^MmclZ]*)/g)) {
    if (command === "Z") [x, y] = rings.at(-1)[0];
    if (command === "M" || command === "m") rings.push([]);
    const values = (numbers.match(/-?\d*\.?\d+/g) ?? []).map(Number);
    const step = command === "c" ? 6 : 2;
    for (let end = step; end <= values.length; end += step) {
      const [to, down] = values.slice(end - 2, end);
      [x, y] = command === "M" ? [to, down] : [x + to, y + down];
      rings.at(-1).push([x, y]);
    }
  }
  return rings.map((ring) => thinned(ring.map((point) => point.map((value) => value * scale)))).join("");
}

function thinned(ring) {
  const kept = [ring[0]];
  for (const point of ring) {
    if (Math.hypot(point[0] - kept.at(-1)[0], point[1] - kept.at(-1)[1]) >= CORNER_APART) kept.push(point);
  }
  return kept.length < 3 ? "" : `M${kept.map((point) => point.map(Math.round).join(" ")).join(" ")}z`;
}

// The package is a React component; the outlines are read from it as data. Codes above 1000 are regions, drawn in other coordinates.
function municipalities() {
  const source = readFileSync(join(here, "node_modules/react-denmark-map/dist/esm/index.js"), "utf8");
  const outlines = new Map();
  for (const [, code, d] of source.matchAll(/code:"(\d{3})",d:"([^"]+)"/g)) outlines.set(code, d);
  if (outlines.size !== MUNICIPALITIES) {
    throw new Error(`Expected ${MUNICIPALITIES} municipalities, found ${outlines.size}`);
  }
  const scale = MAP.width / LAND.width;
  const paths = {};
  const small = {};
  for (const code of [...outlines.keys()].sort()) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><path transform="scale(${scale})" d="${outlines.get(code)}"/></svg>`;
    const { data } = optimize(svg, { floatPrecision: 1 });
    if (data.includes("transform")) throw new Error(`svgo could not scale ${code}`);
    paths[code] = data.match(/ d="([^"]+)"/)[1];
    small[code] = corners(code, outlines.get(code), scale);
  }
  const shapes = Object.entries(paths).map(([code, d]) => `<path id="m${code}" d="${d}"/>`).join("");
  write("denmark.json", JSON.stringify({ ...MAP, paths, small }));
  write("img/denmark.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${MAP.width} ${MAP.height}"><g id="all">${shapes}</g></svg>`);
}

if (!existsSync(dkfds)) throw new Error("Run `npm ci` in static/ first");
rmSync(build, { recursive: true, force: true });
styles();
signs();
scripts();
municipalities();
