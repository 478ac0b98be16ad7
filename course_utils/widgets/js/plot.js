// Axes in SVG, and the two things drawn on them: a curve before its unchanged self, and a map of codes.

const SIZE = { width: 340, height: 300, left: 46, right: 10, top: 10, bottom: 42 };

function svg(parent, name, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  parent?.append(element);
  return element;
}

/** Up to `most` round numbers from `low` to `high` with their labels, and the power of ten that was taken out of these. */
export function ticks(low, high, most = 6) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const awkward = (size >= 1e5 || size < 1e-2) && high - low > 0.01 * size;
  const exponent = awkward ? Math.floor(Math.log10(size)) : 0;
  const rough = (high - low) / 10 ** exponent / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / 10 ** exponent / step - 1e-9);
  const count = Math.floor(high / 10 ** exponent / step + 1e-9) - first + 1;
  const labels = Array.from({ length: count }, (_, n) => ((first + n) * step || 0).toFixed(digits));
  return { labels, exponent, at: labels.map((label) => label * 10 ** exponent) };
}

function named(label, exponent) {
  const raised = [...String(exponent)].map((letter) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[letter] ?? "⁻").join("");
  return exponent ? `${label}, in 10${raised}` : label;
}

/** An empty coordinate system: `x` and `y` are [low, high]. What is put into `inside` does not leave it. */
export function axes({ x, y, xlabel, ylabel }) {
  const { width, height, left, right, top, bottom } = SIZE;
  const [w, h] = [width - left - right, height - top - bottom];
  const root = svg(null, "svg", { class: "explorer-plot", viewBox: `0 0 ${width} ${height}`, role: "img" });
  const toX = (value) => left + ((value - x[0]) / (x[1] - x[0])) * w;
  const toY = (value) => height - bottom - ((value - y[0]) / (y[1] - y[0])) * h;
  const wide = ticks(...x).labels.some((label) => label.length > 6);
  const [across, up] = [ticks(...x, wide ? 3 : 6), ticks(...y)];
  across.at.forEach((value, n) => {
    svg(root, "path", { class: "grid", d: `M${toX(value)} ${top}V${height - bottom}` });
    svg(root, "text", { x: toX(value), y: height - bottom + 15, "text-anchor": "middle" }, across.labels[n]);
  });
  up.at.forEach((value, n) => {
    svg(root, "path", { class: "grid", d: `M${left} ${toY(value)}H${width - right}` });
    svg(root, "text", { x: left - 5, y: toY(value) + 4, "text-anchor": "end" }, up.labels[n]);
  });
  const below = { x: left + w / 2, y: height - 6, "text-anchor": "middle" };
  svg(root, "text", below, named(xlabel, across.exponent));
  const turned = { transform: `translate(14 ${top + h / 2}) rotate(-90)`, "text-anchor": "middle" };
  svg(root, "text", turned, named(ylabel, up.exponent));
  const inside = svg(root, "svg", { x: left, y: top, width: w, height: h, viewBox: `${left} ${top} ${w} ${h}` });

  const fromEvent = (event) => {
    const box = root.getBoundingClientRect();
    const u = ((event.clientX - box.left) / box.width) * width;
    const v = ((event.clientY - box.top) / box.height) * height;
    return [x[0] + ((u - left) / w) * (x[1] - x[0]), y[0] + ((height - bottom - v) / h) * (y[1] - y[0])];
  };
  return { root, inside, toX, toY, fromEvent };
}

/** The decoded curve before the one that was started from. */
export function curve({ t, low, high, xlabel, ylabel }) {
  const { root, inside, toX, toY } = axes({ x: [t[0], t[t.length - 1]], y: [low, high], xlabel, ylabel });
  const unchanged = svg(inside, "path", { class: "curve unchanged" });
  const changed = svg(inside, "path", { class: "curve" });
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
    dragged = event.button === 0 && (event.pointerType !== "touch" || marker.contains(event.target));
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
