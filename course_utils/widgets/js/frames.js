// FrameExplorer: a slider over pictures that were drawn before.

import { nameSliders } from "./sliders.js";

function render({ model, el }) {
  const pictures = model.get("frames").map((png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    return image;
  });
  const figure = document.createElement("div");
  figure.className = model.get("pixelated") ? "explorer-frame pixelated" : "explorer-frame";
  const draw = () => {
    const index = model.get("index");
    pictures[index].alt = `${model.get("alt")}: ${model.get("labels")[index]}`;
    figure.replaceChildren(pictures[index]);
  };
  el.classList.add("explorer");
  el.append(figure);
  model.on("change:index", draw);
  draw();
  const unname = nameSliders(el, 1);
  return () => {
    unname();
    model.off("change:index", draw);
  };
}

export default { render };
