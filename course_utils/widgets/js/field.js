// A vector field that course_utils/widgets/flow.py has sent: the formulas of a system, or a network.

import { formula } from "./formula.js";
import { compile } from "./network.js";

const FIELDS = {
  formulas({ states, parameters, rates, exact }) {
    const d = states.length;
    const names = [...states, ...states.map((state) => `${state}0`), "t", ...Object.keys(parameters)];
    const values = Float64Array.from([...new Array(2 * d + 1).fill(0), ...Object.values(parameters)]);
    const [slopes, solutions] = [rates, exact].map((trees) => trees.map((tree) => formula(tree, names)));
    return {
      rate(t, x, out) {
        for (let i = 0; i < d; i++) values[i] = x[i];
        values[2 * d] = t;
        for (let i = 0; i < d; i++) out[i] = slopes[i](values);
      },
      exact: solutions.length ? (t, x0) => {
        for (let i = 0; i < d; i++) values[d + i] = x0[i];
        values[2 * d] = t;
        return solutions.map((solution) => solution(values));
      } : null,
      set: (parameter, value) => (values[names.indexOf(parameter)] = value),
    };
  },

  network({ layers }) {
    const run = compile(layers);
    return { rate: (t, x, out) => out.set(run(x)), exact: null };
  },
};

/** `rate(t, x, out)` writes the slope at a state into `out`; `exact(t, x0)` is null where no closed form is known. */
export function fieldOf(sent) {
  return FIELDS[sent.kind](sent);
}
