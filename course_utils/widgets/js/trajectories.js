// What FlowExplorer draws: a phase portrait or a field of directions with the starting point, and the states over time.

import { axes, clamp, svg } from "./axes.js";
import { start } from "./start.js";
import { trace } from "./trace.js";

const ACROSS = 15; // arrows
const LINE = 15; // height of a name, in the units of the drawing

/** The `d` of an arrow with its middle at a point of the drawing, 12 units long, in the direction of (right, down). */
function arrow(x, y, right, down) {
  const size = Math.hypot(right, down);
  if (!(size > 0 && size < Infinity)) return "";
  const [a, b] = [(6 * right) / size, (6 * down) / size];
  const at = (along, aside) => `${(x + along * a - aside * b).toFixed(1)} ${(y + along * b + aside * a).toFixed(1)}`;
  return `M${at(-1, 0)}L${at(1, 0)}M${at(0.5, 0.4)}L${at(1, 0)}L${at(0.5, -0.4)}`;
}

/** Arrows on a grid, all of one length; `slope(u, v)` is the direction there in the units of the axes. */
function arrows(plot, x, y, slope, look) {
  const path = svg(plot.inside, "path", { class: `arrows ${look}` });
  const [width, height] = [plot.toX(x[1]) - plot.toX(x[0]), plot.toY(y[0]) - plot.toY(y[1])];
  const place = (n, [low, high]) => low + ((n + 0.5) / ACROSS) * (high - low);
  return () => {
    let d = "";
    for (let n = 0; n < ACROSS ** 2; n++) {
      const [u, v] = [place(n % ACROSS, x), place(Math.floor(n / ACROSS), y)];
      const [du, dv] = slope(u, v);
      d += arrow(plot.toX(u), plot.toY(v), (du / (x[1] - x[0])) * width, (-dv / (y[1] - y[0])) * height);
    }
    path.setAttribute("d", d);
  };
}

/** Arrows of each field, by its look, one before the other; `toSlope(rate)` is what `arrows` takes. */
function fields(plot, x, y, rates, toSlope) {
  const points = Object.entries(rates).map(([look, rate]) => arrows(plot, x, y, toSlope(rate), look));
  return () => points.forEach((point) => point());
}

/** The plane of two states, with the fields at time 0. */
export function portrait(chart, onMove, rates) {
  const [[x, y], [xlabel, ylabel]] = [chart.limits, chart.labels];
  const plot = axes({ x, y, xlabel, ylabel });
  plot.root.setAttribute("aria-label", `Phase portrait, ${xlabel} to the right and ${ylabel} upwards`);
  const slope = new Float64Array(2);
  const point = fields(plot, x, y, rates, (rate) => (u, v) => (rate(0, [u, v], slope), slope));
  const draw = trace(plot);
  const place = start(plot, chart, onMove, (x0) => x0, (point) => point);
  return { element: plot.root, point, place, draw: (reference, found) => draw(reference.x, found.x) };
}

/** One state over time, with the direction of the solution through each point. */
export function directions(chart, onMove, rates, horizon) {
  const [[y], [ylabel]] = [chart.limits, chart.labels];
  const plot = axes({ x: [0, horizon], y, xlabel: chart.time, ylabel });
  plot.root.setAttribute("aria-label", `Directions of the solutions, ${ylabel} over ${chart.time}`);
  const slope = new Float64Array(1);
  const point = fields(plot, [0, horizon], y, rates, (rate) => (t, u) => (rate(t, [u], slope), [1, slope[0]]));
  const draw = trace(plot);
  const place = start(plot, chart, onMove, ([value]) => [0, value], ([, value]) => [value]);
  return { element: plot.root, point, place, draw: (reference, found) => draw([reference.t, reference.x[0]], [found.t, found.x[0]]) };
}

/** Heights downwards that differ by a line at least, each as close as may be to the one that is given. */
function apart(heights) {
  const order = heights.map((_, i) => i).sort((i, j) => heights[i] - heights[j]);
  const found = [...heights];
  for (let round = 0; round < 20; round++) {
    order.slice(1).forEach((below, n) => {
      const missing = LINE - (found[below] - found[order[n]]);
      if (missing <= 0) return;
      found[below] += missing / 2;
      found[order[n]] -= missing / 2;
    });
  }
  return found;
}

/** The chosen states over time; if there are several, each with its name at its end. */
export function overTime({ overTime: chosen, time, ...of }, horizon) {
  const [states, limits, labels] = ["states", "limits", "labels"].map((what) => chosen.map((i) => of[what][i]));
  const y = [Math.min(...limits.map(([low]) => low)), Math.max(...limits.map(([, high]) => high))];
  const named = states.length > 1 ? states : [];
  const right = named.length ? 14 + 9 * Math.max(...named.map((state) => state.length)) : undefined;
  const plot = axes({ x: [0, horizon], y, xlabel: time, ylabel: labels.join(", "), right });
  plot.root.setAttribute("aria-label", `${labels.join(" and ")} over ${time}`);
  const traces = states.map((_, i) => trace(plot, `state${i}`));
  const names = named.map((state, i) => svg(plot.root, "text", { class: `name state${i}`, x: plot.toX(horizon) + 5 }, state));
  return {
    element: plot.root,
    draw: (reference, found) => {
      traces.forEach((draw, i) => draw([reference.t, reference.x[chosen[i]]], [found.t, found.x[chosen[i]]]));
      const ends = apart(chosen.map((i) => plot.toY(clamp(found.x[i].at(-1), y))));
      names.forEach((name, i) => name.setAttribute("y", ends[i] + 4));
    },
  };
}
