// A point that the reader moves over a plot.

import { svg } from "./axes.js";

/** A marker that goes where a mouse drags or clicks and a finger drags or taps; `onMove` hears where. */
export function movable({ root, toX, toY, fromEvent }, onMove) {
  root.classList.add("explorer-map");
  const marker = svg(root, "g", { class: "marker" });
  svg(marker, "circle", { r: 20, class: "reach" });
  svg(marker, "circle", { r: 7 });

  // The style touch-action would be shorter, but Chromium scrolls all the same where a part of an SVG has it.
  marker.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  const move = (event) => onMove(fromEvent(event));
  let dragged = false;
  root.addEventListener("pointerdown", (event) => {
    // A finger drags the marker only: elsewhere it scrolls the page, or taps.
    dragged = event.button === 0 && (event.pointerType !== "touch" || marker.contains(event.target));
    if (!dragged) return;
    root.setPointerCapture(event.pointerId);
    move(event);
  });
  root.addEventListener("click", (event) => dragged || move(event));
  // What a finger touches is captured by itself: that alone does not say that the marker is dragged.
  root.addEventListener("pointermove", (event) => dragged && root.hasPointerCapture(event.pointerId) && move(event));
  return {
    element: marker,
    place: ([u, v]) => marker.setAttribute("transform", `translate(${toX(u)} ${toY(v)})`),
  };
}
