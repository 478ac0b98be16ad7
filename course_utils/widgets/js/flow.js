// FlowExplorer: a vector field is integrated in the page, from a starting point that the reader moves.

import { fieldOf } from "./field.js";
import { element } from "./page.js";
import { report } from "./report.js";
import { nameSliders } from "./sliders.js";
import { solve } from "./solvers.js";
import { space } from "./space.js";
import { directions, overTime, portrait } from "./trajectories.js";

const FINE = 300; // points of an exact solution

/** The exact solution as far as it is finite. */
function exactly({ exact }, x0, horizon) {
  const found = { t: [0], x: x0.map((value) => [value]), stopped: "" };
  for (let n = 1; n <= FINE; n++) {
    const t = (n / FINE) * horizon;
    const x = exact(t, x0);
    if (!x.every(Number.isFinite)) return { ...found, stopped: "infinite" };
    found.t.push(t);
    x.forEach((value, i) => found.x[i].push(value));
  }
  return found;
}

function noteOn({ exact }, { rtol }, known) {
  const way = exact ? "exact" : `Dormand-Prince, tolerance ${rtol.toExponential()}`;
  if (known) return `Grey: the true field, ${way}.`;
  return exact ? "Grey: the exact solution." : `Grey: ${way}.`;
}

function render({ model, el }) {
  const [chart, methods, parameters, tolerance, fine] = ["chart", "methods", "parameters", "tolerance", "fine"].map(
    (name) => model.get(name),
  );
  const field = fieldOf(model.get("field"));
  const truth = model.get("truth") && fieldOf(model.get("truth"));
  const aim = truth ?? field;
  const rates = truth ? { true: truth.rate, learned: field.rate } : { "": field.rate };
  const go = (x0) => {
    model.set("x0", x0);
    model.save_changes();
  };
  const reset = element("button", {}, "Reset");
  reset.addEventListener("click", () => go(model.get("start")));
  const views = element("div", { class: "explorer-views" });
  const status = element("output", { class: "explorer-status" });

  const still = { 2: portrait, 3: space }[chart.states.length]?.(chart, go, rates);
  let parts = [];
  const lay = () => {
    const horizon = model.get("horizon");
    parts = still ? [still, overTime(chart, horizon)] : [directions(chart, go, rates, horizon)];
    views.replaceChildren(...parts.map((part) => part.element));
  };
  const point = () => {
    parameters.forEach((name, j) => field.set(name, model.get(`p${j}`)));
    parts[0].point?.();
  };

  let pending = 0;
  const draw = () => {
    pending = 0;
    const [x0, horizon] = [model.get("x0"), model.get("horizon")];
    const [method, name] = methods[model.get("method")];
    const step = Math.min(model.get("step"), horizon);
    const found = solve(field.rate, x0, { method, step, horizon, ...tolerance });
    const reference = aim.exact ? exactly(aim, x0, horizon) : solve(aim.rate, x0, { method: "dopri5", horizon, ...fine });
    for (const part of parts) part.draw(reference, found);
    parts[0].place(x0);
    status.textContent = report(name, found, reference, {
      adaptive: method === "dopri5", step, unit: chart.unit, exact: aim.exact !== null, known: Boolean(truth),
    });
  };
  const redraw = () => (pending ||= requestAnimationFrame(draw)); // once per frame, whatever has moved
  const repoint = () => {
    point();
    redraw();
  };
  const relay = () => {
    lay();
    repoint();
  };

  const bar = element("div", { class: "explorer-starts" }, reset);
  const note = element("p", { class: "explorer-note" }, noteOn(aim, fine, Boolean(truth)));
  el.classList.add("explorer");
  el.append(views, status, note, bar);
  lay();
  point();
  draw();

  const unname = nameSliders(el, parameters.length + 2);
  const heard = [
    ...["x0", "method", "step"].map((name) => [`change:${name}`, redraw]),
    ...parameters.map((_, j) => [`change:p${j}`, repoint]),
    ["change:horizon", relay],
  ];
  for (const [event, answer] of heard) model.on(event, answer);
  return () => {
    unname();
    cancelAnimationFrame(pending);
    for (const [event, answer] of heard) model.off(event, answer);
  };
}

export default { render };
