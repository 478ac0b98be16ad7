// What FlowExplorer says about a solution.

const REASONS = { infinite: "the state is no longer finite", underflow: "the step has become too small" };

/** A number with so many significant digits. */
function short(value, digits = 2) {
  const rounded = Number(value.toPrecision(digits));
  const awkward = rounded !== 0 && (Math.abs(rounded) < 1e-3 || Math.abs(rounded) >= 1e6);
  return awkward ? rounded.toExponential() : String(rounded);
}

/** "1 step", "100 steps", "20 000 evaluations". */
function counted(count, what) {
  const grouped = String(count).replace(/\B(?=(\d{3})+$)/g, count < 10000 ? "" : "\u00a0");
  return `${grouped} ${what}${count === 1 ? "" : "s"}`;
}

function stepsOf({ t }, adaptive, step) {
  const steps = counted(t.length - 1, "step");
  if (!adaptive) return `${steps} of ${short(step, 3)}`;
  const lengths = t.slice(1).map((end, n) => end - t[n]);
  const range = lengths.length ? ` of ${short(Math.min(...lengths))} to ${short(Math.max(...lengths))}` : "";
  return `${steps}${range} that it picks itself, not by the slider`;
}

/** A sentence on how a solution was found, where it stopped if it did, and how far its end is from the reference's. */
export function report(name, found, reference, { adaptive, step, unit, exact, known }) {
  const work = `${name}: ${stepsOf(found, adaptive, step)}, ${counted(found.nfe, "evaluation")}`;
  const endOf = ({ t }) => `t = ${short(t.at(-1), 3)}${unit && ` ${unit}`}`;
  if (found.stopped === "budget") {
    const advice = adaptive ? "the problem may be stiff" : "the steps are too short for this way";
    return `${name} gave up at ${endOf(found)} after ${counted(found.nfe, "evaluation")}: ${advice}`;
  }
  if (found.stopped) return `${work}; stopped at ${endOf(found)}: ${REASONS[found.stopped]}`;
  const what = known ? "true solution" : exact ? "exact solution" : "reference";
  if (reference.stopped) return `${work}; the ${what} ends at ${endOf(reference)}`;
  const distance = Math.hypot(...found.x.map((values, i) => values.at(-1) - reference.x[i].at(-1)));
  return `${work}; at the end ${short(distance)} from the ${what}`;
}
