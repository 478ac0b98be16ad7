// What FlowExplorer draws: a phase portrait or a field of directions with the starting point, and the states over time.

import { axes, clamp, line, svg } from "./axes.js";
import { movable } from "./marker.js";

const ACROSS = 15; // arrows
const MOST_DOTS = 60; // steps
const KEYS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1],
  PageDown: [0, -10], PageUp: [0, 10], Home: [-Infinity, 0], End: [Infinity, 0],
};

/** A solution before its reference, with a dot at each step where these are few; `look` tells several in one plot apart. */
function trace(plot, look = "") {
  const [unchanged, changed, dots] = ["curve unchanged", "curve", "dots"].map((kind) =>
    svg(plot.inside, "path", { class: `${kind} ${look}` }),
  );
  return (reference, [xs, ys]) => {
    unchanged.setAttribute("d", line(plot, ...reference));
    const d = line(plot, xs, ys);
    changed.setAttribute("d", d);
    dots.setAttribute("d", xs.length <= MOST_DOTS + 1 ? d.replace(/L/g, "h0M") + "h0" : "");
  };
}

/** The `d` of an arrow with its middle at a point of the drawing, 12 units long, in the direction of (right, down). */
function arrow(x, y, right, down) {
  const size = Math.hypot(right, down);
  if (!(size > 0 && size < Infinity)) return "";
  const [a, b] = [(6 * right) / size, (6 * down) / size];
  const at = (along, aside) => `${(x + along * a - aside * b).toFixed(1)} ${(y + along * b + aside * a).toFixed(1)}`;
  return `M${at(-1, 0)}L${at(1, 0)}M${at(0.5, 0.4)}L${at(1, 0)}L${at(0.5, -0.4)}`;
}

/** Arrows on a grid, all of one length; `slope(u, v)` is the direction there in the units of the axes. */
function arrows(plot, x, y, slope) {
  const path = svg(plot.inside, "path", { class: "arrows" });
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

/** Let keys move a marker; `onStep` hears how many steps to the right and upwards, ten times as many with the shift key. */
function steerable(marker, onStep) {
  marker.setAttribute("tabindex", 0);
  marker.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab would go to another cell
  marker.addEventListener("keydown", (event) => {
    const arrow = KEYS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onStep(arrow.map((way) => way * (event.shiftKey ? 10 : 1)));
  });
}

/** The starting point, for a mouse, a finger and the arrow keys; `limits` and `digits` are those of the states. */
function start(plot, { states, limits, digits }, onMove) {
  plot.root.setAttribute("role", "group"); // of a picture nothing could be reached
  const flat = states.length === 1;
  let at = [];
  const to = (x0) => onMove(x0.map((value, i) => clamp(Number(value.toFixed(digits[i])), limits[i])));
  const { element, place } = movable(plot, (point) => to(flat ? point.slice(1) : point));
  steerable(element, (ways) => {
    const steps = flat ? [ways[0] + ways[1]] : ways;
    to(at.map((value, i) => value + (steps[i] * (limits[i][1] - limits[i][0])) / 100));
  });
  const fixed = { role: "slider", "aria-label": "starting point", "aria-valuemin": limits[0][0], "aria-valuemax": limits[0][1] };
  for (const [key, value] of Object.entries(fixed)) element.setAttribute(key, value);
  return (x0) => {
    at = x0;
    place(flat ? [0, ...x0] : x0);
    element.setAttribute("aria-valuenow", x0[0]);
    element.setAttribute("aria-valuetext", states.map((state, i) => `${state} = ${x0[i].toFixed(digits[i])}`).join(", "));
  };
}

/** The plane of two states, with the field at time 0. */
export function portrait(chart, rate, onMove) {
  const [[x, y], [xlabel, ylabel]] = [chart.limits, chart.labels];
  const plot = axes({ x, y, xlabel, ylabel });
  plot.root.setAttribute("aria-label", `Phase portrait, ${xlabel} to the right and ${ylabel} upwards`);
  const slope = new Float64Array(2);
  const point = arrows(plot, x, y, (u, v) => (rate(0, [u, v], slope), slope));
  const draw = trace(plot);
  const place = start(plot, chart, onMove);
  return { element: plot.root, point, place, draw: (reference, found) => draw(reference.x, found.x) };
}

/** One state over time, with the direction of the solution through each point. */
export function directions(chart, rate, onMove, horizon) {
  const [[y], [ylabel]] = [chart.limits, chart.labels];
  const plot = axes({ x: [0, horizon], y, xlabel: chart.time, ylabel });
  plot.root.setAttribute("aria-label", `Directions of the solutions, ${ylabel} over ${chart.time}`);
  const slope = new Float64Array(1);
  const point = arrows(plot, [0, horizon], y, (t, u) => (rate(t, [u], slope), [1, slope[0]]));
  const draw = trace(plot);
  const place = start(plot, chart, onMove);
  return { element: plot.root, point, place, draw: (reference, found) => draw([reference.t, reference.x[0]], [found.t, found.x[0]]) };
}

/** Both states over time, each with its name at its end. */
export function overTime({ states, limits, labels, time }, horizon) {
  const y = [Math.min(...limits.map(([low]) => low)), Math.max(...limits.map(([, high]) => high))];
  const right = 14 + 9 * Math.max(...states.map((state) => state.length));
  const plot = axes({ x: [0, horizon], y, xlabel: time, ylabel: labels.join(", "), right });
  plot.root.setAttribute("aria-label", `${labels.join(" and ")} over ${time}`);
  const traces = states.map((_, i) => trace(plot, `state${i}`));
  const names = states.map((state, i) => svg(plot.root, "text", { class: `name state${i}`, x: plot.toX(horizon) + 5 }, state));
  return {
    element: plot.root,
    draw: (reference, found) => {
      traces.forEach((draw, i) => draw([reference.t, reference.x[i]], [found.t, found.x[i]]));
      const ends = found.x.map((values) => plot.toY(clamp(values.at(-1), y)));
      const apart = Math.max(0, 15 - Math.abs(ends[0] - ends[1])) / 2;
      const first = ends[0] < ends[1] ? -1 : 1;
      names.forEach((name, i) => name.setAttribute("y", ends[i] + 4 + (i === 0 ? first : -first) * apart));
    },
  };
}
