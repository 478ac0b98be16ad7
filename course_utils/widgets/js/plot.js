// The two things that LatentExplorer draws on axes: a curve before its unchanged self, and a map of codes.

import { axes, line, svg } from "./axes.js";
import { movable } from "./marker.js";

/** The decoded curve before the one that was started from. */
export function curve({ t, low, high, xlabel, ylabel }) {
  const plot = axes({ x: [t[0], t[t.length - 1]], y: [low, high], xlabel, ylabel });
  const unchanged = svg(plot.inside, "path", { class: "curve unchanged" });
  const changed = svg(plot.inside, "path", { class: "curve" });
  return {
    element: plot.root,
    draw: (values) => changed.setAttribute("d", line(plot, t, values)),
    compare: (values) => unchanged.setAttribute("d", line(plot, t, values)),
  };
}

/** Codes in the plane, one after the other, coloured by label; `onMove` hears where the reader clicks or drags. */
export function latentMap({ codes, labels, groups, x, y, xlabel, ylabel }, onMove) {
  const plot = axes({ x, y, xlabel, ylabel });
  const { root, toX, toY } = plot;
  root.setAttribute("aria-label", `Map of the codes, ${xlabel} to the right and ${ylabel} upwards. A click moves the sliders.`);
  [...labels].forEach((label, n) => {
    const [cx, cy] = [toX(codes[2 * n]), toY(codes[2 * n + 1])];
    svg(root, "circle", { cx, cy, r: 2, fill: groups[label].color, opacity: 0.65 });
  });
  for (const { name, color, at } of groups) {
    if (name === "") continue;
    svg(root, "circle", { cx: toX(at[0]), cy: toY(at[1]), r: 9, fill: "#fff", stroke: color, opacity: 0.92 });
    const place = { x: toX(at[0]), y: toY(at[1]) + 4.5, fill: color, class: "name", "text-anchor": "middle" };
    svg(root, "text", place, name);
  }
  const marker = movable(plot, onMove);
  return { element: root, draw: marker.place };
}
