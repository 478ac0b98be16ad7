// A vector field that course_utils/widgets/flow.py has sent: the formulas of a system, or a network.

import { formulas } from "./formula.js";
import { compile } from "./network.js";

const FIELDS = {
  formulas({ states, parameters, rates, exact }) {
    const d = states.length;
    const names = [...states, ...states.map((state) => `${state}0`), "t", ...Object.keys(parameters)];
    const both = [rates, exact].map((trees) => formulas(trees, names, 2 * d + 1));
    const set = (name, value) => {
      for (const { values, settle } of both) {
        values[names.indexOf(name)] = value;
        settle();
      }
    };
    Object.entries(parameters).forEach(([name, value]) => set(name, value));
    const [slopes, solutions] = both;
    return {
      rate(t, x, out) {
        for (let i = 0; i < d; i++) slopes.values[i] = x[i];
        slopes.values[2 * d] = t;
        slopes.run(out);
      },
      exact: exact.length ? (t, x0) => {
        for (let i = 0; i < d; i++) solutions.values[d + i] = x0[i];
        solutions.values[2 * d] = t;
        return solutions.run([]);
      } : null,
      set,
    };
  },

  network({ layers, inputs }) {
    const [run, given] = [compile(layers), new Float64Array(inputs)];
    return {
      rate(t, x, out) {
        given.set(x);
        given[x.length] = t; // nowhere, if there is no such input
        out.set(run(given));
      },
      exact: null,
    };
  },
};

/** `rate(t, x, out)` writes the slope at a state into `out`; `exact(t, x0)` is null where no closed form is known. */
export function fieldOf(sent) {
  return FIELDS[sent.kind](sent);
}
