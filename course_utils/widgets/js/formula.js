// Evaluates formulas that course_utils/ode/formula.py has read; their functions have the names that Math gives them.

const CONSTANTS = { pi: Math.PI, e: Math.E };

/** As in C, which `a ** b` is not; a square, as Python finds it too, takes a fraction of the time. */
function power(a, b) {
  if (b === 2) return a * a;
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

/** Reckons parts of formulas in their order. Sums are written out: to call a function for each would take several times as long. */
function reckon(parts, values) {
  for (let n = 0; n < parts.length; n++) {
    const part = parts[n];
    const [a, b] = [values[part.a], values[part.b]];
    switch (part.symbol) {
      case "+": values[part.place] = a + b; break;
      case "-": values[part.place] = a - b; break;
      case "*": values[part.place] = a * b; break;
      case "/": values[part.place] = a / b; break;
      default: values[part.place] = part.called(a, b);
    }
  }
}

/**
 * Formulas of `names`, reckoned together. The names have the first places of `values`: the first `moving` of them may
 * change from one `run(out)`, which writes the results, to the next; when another has changed, call `settle`.
 * What formulas have in common is reckoned once in a run, and what nothing moves not at all.
 */
export function formulas(trees, names, moving) {
  const places = new Map(names.map((name, i) => [name, i]));
  const [filled, moves] = [names.map(() => 0), names.map((_, i) => i < moving)];
  const [still, steps] = [[], []];
  const placeOf = (tree) => {
    const parts = Array.isArray(tree) ? [tree[0], ...tree.slice(1).map(placeOf)] : [tree];
    const key = parts.join(" ");
    if (places.has(key)) return places.get(key);
    const [symbol, a, b = a] = parts;
    const place = filled.push(CONSTANTS[tree] ?? tree) - 1;
    moves.push(Boolean(moves[a] || moves[b]));
    if (a !== undefined) (moves[place] ? steps : still).push({ symbol, called: symbol === "**" ? power : Math[symbol], a, b, place });
    places.set(key, place);
    return place;
  };
  const results = trees.map(placeOf);
  const values = Float64Array.from(filled);
  const settle = () => reckon(still, values);
  settle();
  return {
    values,
    settle,
    run: (out) => {
      reckon(steps, values);
      for (let i = 0; i < results.length; i++) out[i] = values[results[i]];
      return out;
    },
  };
}
