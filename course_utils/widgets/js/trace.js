// A solution in a plot.

import { line, svg } from "./axes.js";

const MOST_DOTS = 60; // steps

/** A solution before its reference, with a dot at each step where these are few; `look` tells several in one plot apart. */
export function trace(plot, look = "") {
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
