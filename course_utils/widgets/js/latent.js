// LatentExplorer: sliders move a code, the page decodes and draws it.

import { compile, floats } from "./network.js";
import { picture } from "./picture.js";
import { curve, latentMap } from "./plot.js";
import { nameSliders } from "./sliders.js";

const VIEWS = { image: picture, curve };

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function render({ model, el }) {
  const [output, dims, names] = ["output", "dims", "names"].map((name) => model.get(name));
  const decode = compile(model.get("network"));
  const view = VIEWS[output.kind](output);
  const { codes, ...chart } = model.get("map");
  const map = codes && latentMap({ codes: floats(codes), ...chart }, (z) => go(z));

  const code = () => {
    const z = [...model.get("reference")];
    dims.forEach((dim, j) => (z[dim] = model.get(`z${j}`)));
    return z;
  };
  const go = (z) => {
    dims.forEach((dim, j) => model.set(`z${j}`, z[dim]));
    model.save_changes();
  };
  const start = (z) => {
    model.set("reference", z);
    go(z);
  };

  const draw = () => {
    pending = 0;
    const z = code();
    view.draw(decode(z));
    map?.draw(z);
    const place = dims.map((dim, j) => `${names[j]} = ${z[dim].toFixed(2)}`).join(", ");
    view.element.setAttribute("aria-label", `${output.label} at ${place}`);
  };
  let pending = 0;
  const redraw = () => (pending ||= requestAnimationFrame(draw)); // once per frame, however many sliders moved
  const compare = () => {
    const z = model.get("reference");
    view.compare?.(decode(z));
    buttons.forEach(([button, from]) => {
      button.setAttribute("aria-pressed", from.every((value, dim) => value === z[dim]));
    });
    redraw();
  };

  const bar = element("div", "explorer-starts");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Start from");
  const buttons = model.get("starts").map(({ name, z }) => {
    const button = element("button", "explorer-start", output.kind === "image" ? "" : name);
    if (output.kind === "image") {
      const thumbnail = picture(output);
      thumbnail.draw(decode(z));
      button.append(thumbnail.element);
    }
    button.setAttribute("aria-label", `Start from ${name}`);
    button.title = `Start from ${name}`;
    button.addEventListener("click", () => start(z));
    return [button, z];
  });
  const reset = element("button", "explorer-reset", "Reset");
  reset.addEventListener("click", () => go(model.get("reference")));
  bar.append(...buttons.map(([button]) => button), reset);

  const views = element("div", "explorer-views");
  view.element.setAttribute("role", "img");
  views.append(view.element, ...(map ? [map.element] : []));
  el.append(views, bar);
  el.classList.add("explorer");

  model.on("change:reference", compare);
  dims.forEach((_, j) => model.on(`change:z${j}`, redraw));
  compare();
  draw();
  const unname = nameSliders(el, dims.length);
  return () => {
    unname();
    cancelAnimationFrame(pending);
    model.off("change:reference", compare);
    dims.forEach((_, j) => model.off(`change:z${j}`, redraw));
  };
}

export default { render };
