// The outline of the country, from world-atlas (Natural Earth at 1 : 10 million): what maps stand on when there are no tiles.
import { readFileSync } from "node:fs";
import { feature } from "topojson-client";

const NORWAY = "578"; // ISO 3166-1
const MAINLAND = { west: 4, south: 57.5, east: 32, north: 71.5 }; // not Svalbard, Jan Mayen and Bouvetøya, far from the municipalities
const SMALLEST = 0.0004; // square degrees: smaller islands are a dot on a map of the country
const TOLERANCE = 0.006; // degrees of latitude, 700 m: a third of a pixel of a map of the country
const SHORTER = 0.45; // a degree of longitude to one of latitude, at 63° north

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

/** A ring with fewer points, none of the old far from the new line (Douglas and Peucker 1973), with three decimals. */
function thinned(ring) {
  const last = ring.length - 1;
  const middle = ring.reduce((best, point, at) => (apart(point, ring[0]) > apart(ring[best], ring[0]) ? at : best), 0);
  const keep = new Set([0, middle, last]);
  const waiting = [[0, middle], [middle, last]];
  while (waiting.length) {
    const [from, to] = waiting.pop();
    let furthest = 0;
    let at = 0;
    for (let each = from + 1; each < to; each += 1) {
      const distance = off(ring[each], ring[from], ring[to]);
      if (distance > furthest) [furthest, at] = [distance, each];
    }
    if (furthest <= TOLERANCE) continue;
    keep.add(at);
    waiting.push([from, at], [at, to]);
  }
  return [...keep].sort((a, b) => a - b).map((at) => ring[at].map(round));
}

const apart = ([ax, ay], [bx, by]) => Math.hypot((ax - bx) * SHORTER, ay - by);

/** How far a point is from the line between two others. */
function off([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [(bx - ax) * SHORTER, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((x - ax) * SHORTER * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot((x - ax) * SHORTER - along * dx, y - ay - along * dy);
}

const round = (degrees) => Math.round(degrees * 1000) / 1000;
