// Reads a question from each line of standard input: the values of a formula, a solution, or what is said about it.
import { createInterface } from "node:readline";

const load = (name) => import(`${process.argv[2]}${name}.js`);
const [{ formulas }, { fieldOf }, { solve }, { report }] = await Promise.all(["formula", "field", "solvers", "report"].map(load));

const ANSWERS = {
  values: ({ tree, names, points }) => {
    const { values, run } = formulas([tree], names, names.length);
    return points.map((point) => {
      values.set(point);
      return run([])[0];
    });
  },
  sines: ({ trees, names, moving, runs }) => {
    const [{ sin }, taken] = [Math, []];
    Math.sin = (value) => (taken.push(value), sin(value));
    const { values, settle, run } = formulas(trees, names, moving);
    const results = runs.map((given) => {
      values.set(given);
      if (given.length > moving) settle();
      return run([]);
    });
    Math.sin = sin;
    return { results, taken };
  },
  solution: ({ field, x0, ...options }) => solve(fieldOf(field).rate, x0, options),
  exact: ({ field, x0, times }) => times.map((t) => fieldOf(field).exact(t, x0)),
  report: ({ name, found, reference, ...settings }) => report(name, found, reference, settings),
};

const named = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...question } = JSON.parse(line);
  console.log(JSON.stringify(ANSWERS[ask](question), named));
}
