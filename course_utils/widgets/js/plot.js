// Axes in SVG, and the two things drawn on them: a curve before its unchanged self, and a map of codes.

const SIZE = { width: 340, height: 300, left: 46, right: 10, top: 10, bottom: 42 };

function svg(parent, name, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  parent?.append(element);
  return element;
}

/** About five round numbers from `low` to `high`. */
export function ticks(low, high) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, n) => ((first + n) * step).toFixed(digits));
}

/** An empty coordinate system: `x` and `y` are [low, high]. */
export function axes({ x, y, xlabel, ylabel }) {
  const { width, height, left, right, top, bottom } = SIZE;
  const root = svg(null, "svg", { class: "explorer-plot", viewBox: `0 0 ${width} ${height}`, role: "img" });
  const toX = (value) => left + ((value - x[0]) / (x[1] - x[0])) * (width - left - right);
  const toY = (value) => height - bottom - ((value - y[0]) / (y[1] - y[0])) * (height - top - bottom);
  for (const tick of ticks(...x)) {
    svg(root, "path", { class: "grid", d: `M${toX(tick)} ${top}V${height - bottom}` });
    svg(root, "text", { x: toX(tick), y: height - bottom + 15, "text-anchor": "middle" }, tick);
  }
  for (const tick of ticks(...y)) {
    svg(root, "path", { class: "grid", d: `M${left} ${toY(tick)}H${width - right}` });
    svg(root, "text", { x: left - 5, y: toY(tick) + 4, "text-anchor": "end" }, tick);
  }
  svg(root, "text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, xlabel);
  const turned = `translate(14 ${(top + height - bottom) / 2}) rotate(-90)`;
  svg(root, "text", { transform: turned, "text-anchor": "middle" }, ylabel);

  const fromEvent = (event) => {
    const box = root.getBoundingClientRect();
    const u = ((event.clientX - box.left) / box.width) * width;
    const v = ((event.clientY - box.top) / box.height) * height;
    return [
      x[0] + ((u - left) / (width - left - right)) * (x[1] - x[0]),
      y[0] + ((height - bottom - v) / (height - top - bottom)) * (y[1] - y[0]),
    ];
  };
  return { root, toX, toY, fromEvent };
}

/** The decoded curve before the one that was started from. */
export function curve({ t, low, high, xlabel, ylabel }) {
  const { root, toX, toY } = axes({ x: [t[0], t[t.length - 1]], y: [low, high], xlabel, ylabel });
  const unchanged = svg(root, "path", { class: "curve unchanged" });
  const changed = svg(root, "path", { class: "curve" });
  const path = (values) => Array.from(values, (value, n) => `${n ? "L" : "M"}${toX(t[n])} ${toY(value)}`).join("");
  return {
    element: root,
    draw: (values) => changed.setAttribute("d", path(values)),
    compare: (values) => unchanged.setAttribute("d", path(values)),
  };
}

/** Codes in the plane, one after the other, coloured by label; `onMove` hears where the reader clicks or drags. */
export function latentMap({ codes, labels, groups, x, y, xlabel, ylabel }, onMove) {
  const { root, toX, toY, fromEvent } = axes({ x, y, xlabel, ylabel });
  root.classList.add("explorer-map");
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
  const marker = svg(root, "g", { class: "marker" });
  svg(marker, "circle", { r: 20, class: "reach" });
  svg(marker, "circle", { r: 7 });

  const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);
  const move = (event) => {
    const [u, v] = fromEvent(event);
    onMove([clamp(u, x), clamp(v, y)]);
  };
  let dragged = false;
  root.addEventListener("pointerdown", (event) => {
    // A finger drags the marker only: elsewhere it scrolls the page, or taps.
    dragged = event.pointerType !== "touch" || marker.contains(event.target);
    if (!dragged) return;
    root.setPointerCapture(event.pointerId);
    move(event);
  });
  root.addEventListener("click", (event) => dragged || move(event));
  root.addEventListener("pointermove", (event) => root.hasPointerCapture(event.pointerId) && move(event));
  return {
    element: root,
    draw: ([u, v]) => marker.setAttribute("transform", `translate(${toX(u)} ${toY(v)})`),
  };
}
