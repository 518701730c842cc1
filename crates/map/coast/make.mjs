// Makes `land.bin` from Natural Earth's land at 1:10,000,000, which is in the public domain, by way of the
// npm package world-atlas (ISC):
//
//     npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//     node crates/map/coast/make.mjs package/land-10m.json crates/map/coast/land.bin
//
// The file is a list of closed rings. A ring is its number of positions, without the one that closes it, then
// longitude and latitude of each in hundredths of a degree, as differences to the one before. Each number is a
// variable-length integer of 7 bits a byte, the lowest first; signed ones are zigzag-coded.

import { readFileSync, writeFileSync } from "node:fs";

/** What a line may be moved by, in degrees. */
const TOLERANCE = 0.017;
/** Islands of a smaller area are left out, in square degrees. */
const SMALLEST = 0.002;
const STEPS = 100;

const [from, to] = process.argv.slice(2);
const { arcs, transform, objects } = JSON.parse(readFileSync(from, "utf8"));

const decoded = arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => {
    [x, y] = [x + dx, y + dy];
    return [x, y].map((value, axis) => value * transform.scale[axis] + transform.translate[axis]);
  });
});

const ringOf = (indices) =>
  indices.flatMap((index) => {
    const arc = index < 0 ? [...decoded[~index]].reverse() : decoded[index];
    return arc.slice(0, -1);
  });

/** The ring with longitudes that run on across ±180°. One round the pole is closed over the pole. */
function unwrapped(ring) {
  let turn = 0;
  const moved = ring.map(([x, y], at) => {
    if (at > 0) turn -= 360 * Math.round((x - ring[at - 1][0]) / 360);
    return [x + turn, y];
  });
  const [firstX] = moved[0];
  const around = 360 * Math.round((moved.at(-1)[0] - firstX) / 360);
  if (around === 0) {
    const [west, east] = [Math.min, Math.max].map((most) => moved.reduce((x, [other]) => most(x, other), firstX));
    const away = 360 * Math.round((west + east) / 720);
    return moved.map(([x, y]) => [x - away, y]);
  }
  return [...moved, [firstX + around, moved[0][1]], [firstX + around, -90], [firstX, -90]];
}

/** The area inside a ring, positive when it runs counter-clockwise. */
const area = (ring) =>
  ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

/** Douglas and Peucker's simplification of an open line, in degrees of a parallel at its latitude. */
function simplified(line) {
  if (line.length < 3) return line;
  const [[x0, y0], [x1, y1]] = [line[0], line.at(-1)];
  const shrink = Math.max(Math.cos((y0 * Math.PI) / 180), 0.1);
  const [dx, dy] = [(x1 - x0) * shrink, y1 - y0];
  const length = Math.hypot(dx, dy);
  let [farthest, distance] = [0, 0];
  for (let at = 1; at < line.length - 1; at++) {
    const [px, py] = [(line[at][0] - x0) * shrink, line[at][1] - y0];
    const along = length === 0 ? 0 : Math.min(Math.max((px * dx + py * dy) / length ** 2, 0), 1);
    const off = Math.hypot(px - along * dx, py - along * dy);
    if (off > distance) [farthest, distance] = [at, off];
  }
  if (distance <= TOLERANCE) return [line[0], line.at(-1)];
  return [...simplified(line.slice(0, farthest + 1)).slice(0, -1), ...simplified(line.slice(farthest))];
}

/** A ring is simplified in two halves, so that it keeps two ends far from each other. */
function simplifiedRing(ring) {
  const [x0, y0] = ring[0];
  const off = ring.map(([x, y]) => Math.hypot(x - x0, y - y0));
  const far = off.indexOf(Math.max(...off));
  const halves = [ring.slice(0, far + 1), [...ring.slice(far), ring[0]]];
  return halves.flatMap((half) => simplified(half).slice(0, -1));
}

const bytes = [];
const put = (value) => {
  while (value > 127) {
    bytes.push((value & 127) | 128);
    value >>>= 7;
  }
  bytes.push(value);
};
const putSigned = (value) => put(value < 0 ? -2 * value - 1 : 2 * value);

const shapes = objects.land.geometries.flatMap(({ type, arcs: parts }) =>
  type === "Polygon" ? [parts] : parts,
);
let [rings, positions] = [0, 0];
for (const ring of shapes.flat().map(ringOf).map(unwrapped)) {
  if (Math.abs(area(ring)) < SMALLEST) continue;
  const rounded = simplifiedRing(ring).map((position) => position.map((value) => Math.round(value * STEPS)));
  const kept = rounded.filter(([x, y], at) => {
    const [lastX, lastY] = rounded[(at + rounded.length - 1) % rounded.length];
    return x !== lastX || y !== lastY;
  });
  if (kept.length < 3) continue;
  put(kept.length);
  let [lastX, lastY] = [0, 0];
  for (const [x, y] of kept) {
    putSigned(x - lastX);
    putSigned(y - lastY);
    [lastX, lastY] = [x, y];
  }
  [rings, positions] = [rings + 1, positions + kept.length];
}
writeFileSync(to, Uint8Array.from(bytes));
console.log(`${rings} rings, ${positions} positions, ${bytes.length} bytes`);
