// Evaluates formulas that course_utils/ode/formula.py has read; their functions have the names that Math gives them.

const CONSTANTS = { pi: Math.PI, e: Math.E };
const OPERATORS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "**": (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b), // as in C; else NaN for some b
};

/** A function from the values of `names`, in their order, to the value of a formula. */
export function formula(tree, names) {
  if (typeof tree === "number") return () => tree;
  if (typeof tree === "string") {
    const at = names.indexOf(tree);
    return at < 0 ? () => CONSTANTS[tree] : (values) => values[at];
  }
  const [symbol, ...rest] = tree;
  const [a, b] = rest.map((part) => formula(part, names));
  const apply = OPERATORS[symbol] ?? Math[symbol];
  return b ? (values) => apply(a(values), b(values)) : (values) => apply(a(values));
}
