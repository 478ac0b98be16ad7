// The starting point of a solution.

import { clamp } from "./axes.js";
import { movable } from "./marker.js";

const KEYS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1],
  PageDown: [0, -10], PageUp: [0, 10], Home: [-Infinity, 0], End: [Infinity, 0],
};

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

/**
 * The starting point, for a mouse, a finger and the arrow keys; `limits` and `digits` are those of the states. `toPoint`
 * tells where in the plot a start is, and `toStates`, of a point in the plot and the start so far, the one or two states
 * that are moved there; a third stays.
 */
export function start(plot, { states, limits, digits }, onMove, toPoint, toStates) {
  plot.root.setAttribute("role", "group"); // of a picture nothing could be reached
  let at = [];
  const to = (moved) => {
    // At once, not when it is drawn: the next key may come before.
    at = at.map((value, i) => (i < moved.length ? clamp(Number(moved[i].toFixed(digits[i])), limits[i]) : value));
    onMove(at);
  };
  const { element, place } = movable(plot, (point) => to(toStates(point, at)));
  steerable(element, (ways) => {
    const steps = states.length === 1 ? [ways[0] + ways[1]] : ways;
    to(steps.map((count, i) => at[i] + (count * (limits[i][1] - limits[i][0])) / 100));
  });
  const fixed = { role: "slider", "aria-label": "starting point", "aria-valuemin": limits[0][0], "aria-valuemax": limits[0][1] };
  for (const [key, value] of Object.entries(fixed)) element.setAttribute(key, value);
  return (x0) => {
    at = x0;
    place(toPoint(x0));
    element.setAttribute("aria-valuenow", x0[0]);
    element.setAttribute("aria-valuetext", states.map((state, i) => `${state} = ${x0[i].toFixed(digits[i])}`).join(", "));
  };
}
