// The solvers of course_utils/ode: the same steps in the same order, so that page and Python agree to rounding.

// Where in the step a slope is taken, from which earlier slopes its place is found, and how all of them are weighted.
const TABLEAUS = {
  euler: { nodes: [0], rows: [[]], weights: [1] },
  midpoint: { nodes: [0, 1 / 2], rows: [[], [1 / 2]], weights: [0, 1] },
  rk4: { nodes: [0, 1 / 2, 1 / 2, 1], rows: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]], weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6] },
  dopri5: {
    nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
    rows: [
      [],
      [1 / 5],
      [3 / 40, 9 / 40],
      [44 / 45, -56 / 15, 32 / 9],
      [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
      [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
      [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ],
    doubt: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
  },
};

/** A reason to go no further. */
class Stop extends Error {}

/** h times the slopes `k` of state i, weighted. */
function weighted(h, weights, k, i) {
  let sum = 0;
  for (let s = 0; s < weights.length; s++) sum += weights[s] * k[s][i];
  return h * sum;
}

/** The places of a step of length h, and their slopes, from the one with number `first` on. */
function fillSlopes({ nodes, rows }, rate, t, x, h, first, k, place) {
  for (let s = first; s < nodes.length; s++) {
    for (let i = 0; i < x.length; i++) place[i] = x[i] + weighted(h, rows[s], k, i);
    rate(t + nodes[s] * h, place, k[s]);
  }
}

/** Moves `x` from one of the times to the next and yields each, in equal steps; the last is shorter where they do not fit. */
function* march(tableau, rate, x, { step, horizon }) {
  const n = Math.ceil((horizon / step) * (1 - 1e-12));
  const [k, place] = [tableau.nodes.map(() => new Float64Array(x.length)), new Float64Array(x.length)];
  for (let i = 0; i < n; i++) {
    const [t, end] = [step * i, i + 1 < n ? step * (i + 1) : horizon];
    fillSlopes(tableau, rate, t, x, end - t, 0, k, place);
    for (let j = 0; j < x.length; j++) x[j] += weighted(end - t, tableau.weights, k, j);
    yield end;
  }
}

/** Moves `x` by steps whose error stays within `atol + rtol * |x|` and yields the time after each. */
function* marchAdaptively(tableau, rate, x, { horizon, rtol, atol }) {
  const [k, place] = [tableau.nodes.map(() => new Float64Array(x.length)), new Float64Array(x.length)];
  let [t, h] = [0, horizon / 100];
  rate(t, x, k[0]);
  while (t < horizon) {
    h = Math.min(h, horizon - t);
    if (t + h === t) throw new Stop("underflow");
    fillSlopes(tableau, rate, t, x, h, 1, k, place); // the last place is where the step ends
    let squares = 0;
    for (let i = 0; i < x.length; i++) {
      const scale = atol + rtol * Math.max(Math.abs(x[i]), Math.abs(place[i]));
      squares += (weighted(h, tableau.doubt, k, i) / scale) ** 2;
    }
    const share = Math.sqrt(squares / x.length);
    if (share <= 1) {
      t = h < horizon - t ? t + h : horizon;
      x.set(place);
      k[0].set(k[k.length - 1]);
      yield t;
    }
    const factor = 0.9 * share ** -0.2;
    h *= factor > 0.2 ? Math.min(10, factor) : 0.2; // also where it is NaN
  }
}

/**
 * States along x' = rate(t, x) from time 0 to the horizon: `t` as a list and `x` as one list for each state.
 * `stopped` is empty at the end of the way, else it tells why that was not reached: infinite, underflow or budget.
 */
export function solve(rate, x0, { method, most = 20000, ...options }) {
  const [x, t] = [Float64Array.from(x0), [0]];
  const states = Array.from(x, (value) => [value]);
  let [nfe, stopped] = [0, ""];
  const counted = (time, place, out) => {
    if (nfe === most) throw new Stop("budget");
    nfe += 1;
    rate(time, place, out);
  };
  try {
    for (const end of (method === "dopri5" ? marchAdaptively : march)(TABLEAUS[method], counted, x, options)) {
      if (!x.every(Number.isFinite)) throw new Stop("infinite");
      t.push(end);
      states.forEach((values, i) => values.push(x[i]));
    }
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    stopped = error.message;
  }
  return { t, x: states, nfe, stopped };
}
