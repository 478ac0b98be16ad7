// A grey picture on paper: ink from `low` (white) to `high` (black), one canvas pixel per value.

export function picture({ h, w, low, high }) {
  const canvas = document.createElement("canvas");
  canvas.className = "explorer-picture";
  [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  const image = context.createImageData(w, h);
  const { data } = image; // rounds, and clamps to 0..255
  data.fill(255);

  const draw = (values) => {
    for (let n = 0; n < values.length; n++)
      data[4 * n] = data[4 * n + 1] = data[4 * n + 2] = (255 * (high - values[n])) / (high - low);
    context.putImageData(image, 0, 0);
  };
  return { element: canvas, draw };
}
