// The outline of the country, from world-atlas (Natural Earth at 1 : 10 million): what maps stand on when there are no tiles.
import { readFileSync } from "node:fs";
import { feature } from "topojson-client";

const NORWAY = "578"; // ISO 3166-1
const MAINLAND = { west: 4, south: 57.5, east: 32, north: 71.5 }; // not Svalbard, Jan Mayen and Bouvetøya, far from the municipalities
const SMALLEST = 0.0004; // square degrees: smaller islands are a dot on a map of the country
const NEAREST = 0.008; // degrees of latitude, 900 m: less than two pixels of a map of the country

export function outlineOfNorway() {
  const world = JSON.parse(readFileSync(new URL(import.meta.resolve("world-atlas/countries-10m.json"))));
  const norway = world.objects.countries.geometries.find(({ id }) => id === NORWAY);
  const coordinates = feature(world, norway).geometry.coordinates
    .map((polygon) => polygon.filter((ring, at) => at === 0 || Math.abs(area(ring)) > SMALLEST).map(thinned))
    .filter(([ring]) => ring.every(isMainland) && Math.abs(area(ring)) > SMALLEST);
  return { type: "MultiPolygon", coordinates };
}

const isMainland = ([x, y]) => x > MAINLAND.west && x < MAINLAND.east && y > MAINLAND.south && y < MAINLAND.north;

const area = (ring) => ring.slice(1).reduce((sum, [x, y], at) => sum + ring[at][0] * y - x * ring[at][1], 0) / 2;

/** A ring without the points that are too near the one before, with three decimals: a hundred metres. */
function thinned(ring) {
  const kept = [];
  for (const [x, y] of ring) {
    const last = kept.at(-1);
    if (!last || Math.hypot((x - last[0]) * 0.45, y - last[1]) >= NEAREST) kept.push([round(x), round(y)]);
  }
  const [first] = kept;
  if (kept.length > 2) kept.push(first);
  return kept;
}

const round = (degrees) => Math.round(degrees * 1000) / 1000;
