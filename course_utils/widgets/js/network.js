// Runs a network that course_utils/widgets/network.py has exported.
// Every layer takes a flat Float64Array in torch's order and returns another of its own, which it reuses.

const ACTIVATIONS = {
  relu: () => (x) => (x > 0 ? x : 0),
  leaky_relu: ({ slope }) => (x) => (x > 0 ? x : slope * x),
  elu: ({ alpha }) => (x) => (x > 0 ? x : alpha * Math.expm1(x)),
  tanh: () => (x) => 1 - 2 / (1 + Math.exp(2 * x)), // in half of the time of Math.tanh
  sigmoid: () => (x) => 1 / (1 + Math.exp(-x)),
  softplus: ({ beta, threshold }) => (x) =>
    beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta,
};

const LAYERS = {
  linear({ weight, bias, n_in, n_out, count }) {
    const [w, b] = [matrix(weight), floats(bias)];
    const y = new Float64Array(count * n_out);
    return (x) => {
      for (let block = 0; block < count; block++) {
        const from = block * n_in;
        for (let o = 0; o < n_out; o++) {
          const row = o * n_in;
          let sum = b[o];
          for (let i = 0; i < n_in; i++) sum += w[row + i] * x[from + i];
          y[block * n_out + o] = sum;
        }
      }
      return y;
    };
  },

  conv({ weight, bias, from, to, kernel, stride, padding, dilation, groups }) {
    const [w, b] = [matrix(weight), floats(bias)];
    const [c_in, h_in, w_in] = from;
    const [c_out, h_out, w_out] = to;
    const [per_group, area] = [c_in / groups, kernel[0] * kernel[1]];
    const y = new Float64Array(c_out * h_out * w_out);

    const at = (x, o, top, left) => {
      const first = Math.floor(o / (c_out / groups)) * per_group;
      let sum = b[o];
      for (let c = 0; c < per_group; c++) {
        const row = (o * per_group + c) * area;
        for (let i = 0; i < kernel[0]; i++) {
          const v = top + i * dilation[0];
          if (v < 0 || v >= h_in) continue;
          const line = ((first + c) * h_in + v) * w_in;
          for (let j = 0; j < kernel[1]; j++) {
            const u = left + j * dilation[1];
            if (u >= 0 && u < w_in) sum += w[row + i * kernel[1] + j] * x[line + u];
          }
        }
      }
      return sum;
    };

    return (x) => {
      for (let o = 0, n = 0; o < c_out; o++)
        for (let v = 0; v < h_out; v++)
          for (let u = 0; u < w_out; u++)
            y[n++] = at(x, o, v * stride[0] - padding[0], u * stride[1] - padding[1]);
      return y;
    };
  },

  // A row of the weight belongs to one place of the kernel in one output channel of a group.
  transposed_conv({ weight, bias, from, to, kernel, stride, padding, dilation, groups }) {
    const [w, b] = [matrix(weight), floats(bias)];
    const [c_in, h_in, w_in] = from;
    const [c_out, h_out, w_out] = to;
    const [per_group, area] = [c_out / groups, kernel[0] * kernel[1]];
    const y = new Float64Array(c_out * h_out * w_out);

    const spread = (value, c, top, left) => {
      const first = Math.floor(c / (c_in / groups)) * per_group;
      for (let o = 0; o < per_group; o++) {
        for (let i = 0; i < kernel[0]; i++) {
          const v = top + i * dilation[0];
          if (v < 0 || v >= h_out) continue;
          const line = ((first + o) * h_out + v) * w_out;
          for (let j = 0; j < kernel[1]; j++) {
            const u = left + j * dilation[1];
            const row = o * area + i * kernel[1] + j;
            if (u >= 0 && u < w_out) y[line + u] += w[row * c_in + c] * value;
          }
        }
      }
    };

    return (x) => {
      for (let o = 0; o < c_out; o++) y.fill(b[o], o * h_out * w_out, (o + 1) * h_out * w_out);
      for (let c = 0, n = 0; c < c_in; c++)
        for (let v = 0; v < h_in; v++)
          for (let u = 0; u < w_in; u++)
            spread(x[n++], c, v * stride[0] - padding[0], u * stride[1] - padding[1]);
      return y;
    };
  },

  // What is left of a batch normalisation in evaluation mode.
  affine({ scale, shift, inner }) {
    const [a, b] = [floats(scale), floats(shift)];
    const y = new Float64Array(a.length * inner);
    return (x) => {
      for (let n = 0; n < y.length; n++) {
        const channel = Math.floor(n / inner);
        y[n] = a[channel] * x[n] + b[channel];
      }
      return y;
    };
  },

  oscillation({ t, offset, scale }) {
    const [times, shift, stretch] = [t, offset, scale].map(floats);
    const y = new Float64Array(times.length);
    return (z) => {
      const [amplitude, frequency, phase] = Array.from(z, (value, j) => shift[j] + stretch[j] * value);
      for (let n = 0; n < y.length; n++) y[n] = amplitude * Math.cos(2 * Math.PI * frequency * times[n] + phase);
      return y;
    };
  },

  activation(layer) {
    const bend = ACTIVATIONS[layer.name](layer);
    const y = new Float64Array(layer.size);
    return (x) => {
      for (let n = 0; n < y.length; n++) y[n] = bend(x[n]);
      return y;
    };
  },
};

/** A function from a code (array of numbers) to the network's output. */
export function compile(network) {
  const layers = network.map((layer) => LAYERS[layer.kind](layer));
  const typed = (z) => (z instanceof Float64Array ? z : Float64Array.from(z)); // one kind of array: layers stay fast
  return (z) => layers.reduce((x, layer) => layer(x), typed(z));
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

/** 32-bit numbers from base64. */
export function floats(text) {
  return new Float32Array(bytes(text));
}

function matrix({ float32, int8, scale }) {
  if (float32 !== undefined) return Float64Array.from(floats(float32));
  const [q, s] = [new Int8Array(bytes(int8)), floats(scale)];
  const columns = q.length / s.length;
  return Float64Array.from(q, (value, n) => value * s[Math.floor(n / columns)]);
}
