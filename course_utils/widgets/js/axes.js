// A coordinate system in SVG.

export const SIZE = { width: 340, height: 300, left: 46, top: 10, bottom: 42 };
const FAR = 9999; // units of the drawing

/** A new element, at the end of `parent` if there is one. */
export function svg(parent, name, attributes = {}, text = "") {
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

/** A name for an axis, with the power of ten that its numbers leave out. */
export function named(label, exponent) {
  const raised = [...String(exponent)].map((letter) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[letter] ?? "⁻").join("");
  return exponent ? `${label}, in 10${raised}` : label;
}

/** The number between the limits that is nearest to a value. */
export function clamp(value, [low, high]) {
  return Math.min(Math.max(value, low), high);
}

/** Where a pointer is, in the units of the drawing. */
export function inDrawing(root, { clientX, clientY }) {
  const box = root.getBoundingClientRect();
  return [((clientX - box.left) / box.width) * SIZE.width, ((clientY - box.top) / box.height) * SIZE.height];
}

/** An empty coordinate system: `x` and `y` are [low, high]. What is put into `inside` does not leave it. */
export function axes({ x, y, xlabel, ylabel, right = 10 }) {
  const { width, height, left, top, bottom } = SIZE;
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
    const [u, v] = inDrawing(root, event);
    const at = [x[0] + ((u - left) / w) * (x[1] - x[0]), y[0] + ((height - bottom - v) / h) * (y[1] - y[0])];
    return [clamp(at[0], x), clamp(at[1], y)];
  };
  return { root, inside, toX, toY, fromEvent };
}

/** The `d` of a path through points; what is far outside of the picture comes no nearer, but stays a number. */
export function line({ toX, toY }, xs, ys) {
  const near = (value) => clamp(value, [-FAR, FAR]).toFixed(2);
  let d = "";
  for (let n = 0; n < xs.length; n++) d += `${n ? "L" : "M"}${near(toX(xs[n]))} ${near(toY(ys[n]))}`;
  return d;
}
