// Three states in space, above the floor of the first two, as a parallel projection.

import { SIZE, inDrawing, line, named, svg, ticks } from "./axes.js";
import { start } from "./start.js";
import { trace } from "./trace.js";

const [TURN, LIFT] = [30, 25].map((degrees) => (degrees / 180) * Math.PI); // of the floor; of the eye above it
const MIDDLE = [173, 134]; // in the units of the drawing
const LETTER = 7.2; // of the drawing, in the mean
const UNIT = 90; // of the drawing, for each state from the middle to an end of its limits

// Where a step of 1 in each state leads in the drawing; the third state upwards.
const RIGHT = [Math.cos(TURN), Math.sin(TURN), 0].map((share) => share * UNIT);
const DOWN = [Math.sin(TURN) * Math.sin(LIFT), -Math.cos(TURN) * Math.sin(LIFT), -Math.cos(LIFT)].map((share) => share * UNIT);

/** From states to the drawing and, for a given third state, back. */
function projection(limits) {
  const [middles, halves] = [limits.map(([low, high]) => (low + high) / 2), limits.map(([low, high]) => (high - low) / 2)];
  const along = (way, middle) => {
    const [a, b, c] = way.map((step, i) => step / halves[i]);
    const rest = middle - a * middles[0] - b * middles[1] - c * middles[2];
    return (x, y, z) => a * x + b * y + c * z + rest;
  };
  const [toU, toV] = [along(RIGHT, MIDDLE[0]), along(DOWN, MIDDLE[1])];
  const area = RIGHT[0] * DOWN[1] - RIGHT[1] * DOWN[0];
  const toStates = ([u, v], [, , z]) => {
    const [right, down] = [u - MIDDLE[0], v - MIDDLE[1] - (DOWN[2] * (z - middles[2])) / halves[2]];
    const [a, b] = [(DOWN[1] * right - RIGHT[1] * down) / area, (RIGHT[0] * down - DOWN[0] * right) / area];
    return [middles[0] + a * halves[0], middles[1] + b * halves[1]];
  };
  return { toU, toV, toStates };
}

/** The floor with a grid, and the upright axis above its corner at the left, with numbers and names. */
function room(root, { limits, labels }, toU, toV) {
  const [[west, east], [south, north], [bottom, top]] = limits;
  const [across, away, up] = limits.map(([low, high]) => ticks(low, high, 4));
  const path = (kind, ...corners) =>
    svg(root, "path", { class: kind, d: `M${corners.map((at) => `${toU(...at)} ${toV(...at)}`).join("L")}` });
  const text = (words, anchor, x, y) => svg(root, "text", { x, y, "text-anchor": anchor }, words);
  const write = (words, anchor, at, right, down) => text(words, anchor, toU(...at) + right, toV(...at) + down);
  path("floor", [west, south, bottom], [east, south, bottom], [east, north, bottom], [west, north, bottom], [west, south, bottom]);
  across.at.forEach((x, n) => {
    path("grid", [x, south, bottom], [x, north, bottom]);
    write(across.labels[n], "end", [x, south, bottom], 0, 16);
  });
  away.at.forEach((y, n) => {
    path("grid", [west, y, bottom], [east, y, bottom]);
    write(away.labels[n], "start", [east, y, bottom], 5, 13);
  });
  path("upright", [west, south, bottom], [west, south, top]);
  up.at.forEach((z, n) => write(up.labels[n], "end", [west, south, z], -7, 4));
  const [xname, yname, zname] = labels.map((label, i) => named(label, [across, away, up][i].exponent));
  const [u, v] = [toU, toV].map((to) => to((west + east) / 2, south, bottom));
  text(xname, "end", Math.max(u - 8, 6 + LETTER * xname.length), v + 34);
  if (yname.length <= 8) write(yname, "start", [east, (south + north) / 2, bottom], 26, 28);
  else text(yname, "end", SIZE.width - 6, SIZE.height - 4); // no room beside the floor
  text(zname, "middle", Math.max(toU(west, south, top), 8 + (LETTER / 2) * zname.length), toV(west, south, top) - 10);
}

/** Three states in space, with their shadow on the floor; the starting point moves at its height. */
export function space(chart, onMove) {
  const { width, height } = SIZE;
  const root = svg(null, "svg", { class: "explorer-plot", viewBox: `0 0 ${width} ${height}` });
  root.setAttribute("aria-label", `In space: ${chart.labels.join(", ")}`);
  const { toU, toV, toStates } = projection(chart.limits);
  const floor = chart.limits[2][0];
  room(root, chart, toU, toV);
  const inside = svg(root, "svg", { width, height });
  const plot = { root, inside, toX: (u) => u, toY: (v) => v, fromEvent: (event) => inDrawing(root, event) };
  const path = ([xs, ys, zs]) => [toU, toV].map((to) => xs.map((x, n) => to(x, ys[n], zs[n])));
  const shadow = svg(inside, "path", { class: "shadow" });
  const plumb = svg(inside, "path", { class: "upright" });
  const draw = trace(plot);
  const place = start(plot, chart, onMove, (x0) => [toU(...x0), toV(...x0)], toStates);
  return {
    element: root,
    place: (x0) => {
      const [x, y] = x0;
      plumb.setAttribute("d", `M${toU(...x0)} ${toV(...x0)}V${toV(x, y, floor)}`);
      place(x0);
    },
    draw: (reference, found) => {
      const [xs, ys] = found.x;
      shadow.setAttribute("d", line(plot, ...path([xs, ys, xs.map(() => floor)])));
      draw(path(reference.x), path(found.x));
    },
  };
}
