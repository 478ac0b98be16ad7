// LatentExplorer: sliders move a code, the page decodes and draws it.

import { compile, floats } from "./network.js";
import { decimal, element } from "./page.js";
import { picture } from "./picture.js";
import { curve, latentMap } from "./plot.js";
import { nameSliders } from "./sliders.js";

const VIEWS = { image: picture, curve };

/** The code at which the sliders stand; a dimension without a slider stays where the walk started. */
function codeOf(model) {
  const z = [...model.get("reference")];
  model.get("dims").forEach((dim, j) => (z[dim] = model.get(`z${j}`)));
  return z;
}

/** Move the sliders, each to its nearest step. */
function go(model, z) {
  model.get("dims").forEach((dim, j) => {
    const [low, step] = model.get("grid")[j];
    model.set(`z${j}`, low + Math.round((z[dim] - low) / step) * step);
  });
  model.save_changes();
}

/** A button for each start, with its picture or its name, and one that returns to the start pressed last. */
function startBar(model, decode) {
  const output = model.get("output");
  const buttons = model.get("starts").map(({ name, z }) => {
    const label = `Start from ${name}`;
    const button = element("button", { title: label, "aria-label": label });
    if (output.kind === "image") {
      const thumbnail = picture(output);
      thumbnail.draw(decode(z));
      button.append(thumbnail.element);
    } else {
      button.append(name);
    }
    button.addEventListener("click", () => {
      model.set("reference", z);
      go(model, z);
    });
    return { button, z };
  });
  const reset = element("button", {}, "Reset");
  reset.addEventListener("click", () => go(model, model.get("reference")));

  const press = (reference) => {
    for (const { button, z } of buttons)
      button.setAttribute("aria-pressed", z.every((value, dim) => value === reference[dim]));
  };
  const all = [...buttons.map(({ button }) => button), reset];
  const bar = element("div", { class: "explorer-starts", role: "group", "aria-label": "Start from" }, ...all);
  return { element: bar, press };
}

function render({ model, el }) {
  const [output, dims, names, digits] = ["output", "dims", "names", "digits"].map((name) => model.get(name));
  const decode = compile(model.get("network"));
  const view = VIEWS[output.kind](output);
  const { codes, ...chart } = model.get("map");
  const map = codes ? latentMap({ codes: floats(codes), ...chart }, (z) => go(model, z)) : null;
  const bar = startBar(model, decode);

  let pending = 0;
  const draw = () => {
    pending = 0;
    const z = codeOf(model);
    view.draw(decode(z));
    map?.draw(z);
    const place = dims.map((dim, j) => `${names[j]} = ${decimal(z[dim], digits[j])}`).join(", ");
    view.element.setAttribute("aria-label", `${output.label} at ${place}`);
  };
  const redraw = () => (pending ||= requestAnimationFrame(draw)); // once per frame, however many sliders moved
  const compare = () => {
    const reference = model.get("reference");
    view.compare?.(decode(reference));
    bar.press(reference);
    redraw();
  };

  view.element.setAttribute("role", "img");
  const views = element("div", { class: "explorer-views" }, view.element, ...(map ? [map.element] : []));
  el.classList.add("explorer");
  el.append(views, bar.element);
  compare();
  draw();

  const unname = nameSliders(el, dims.length);
  model.on("change:reference", compare);
  dims.forEach((_, j) => model.on(`change:z${j}`, redraw));
  return () => {
    unname();
    cancelAnimationFrame(pending);
    model.off("change:reference", compare);
    dims.forEach((_, j) => model.off(`change:z${j}`, redraw));
  };
}

export default { render };
