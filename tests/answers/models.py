"""Answers to the exercises of *Models written by hand*."""

from tests.answers.wrong import Wrong

_LENGTH = "10 / (2 * np.pi / np.pi) ** 2"
_FRICTION = "2 * swing_length**2 * np.log(2) / 20"
_FIELD = "field = Pendulum(gravity=10, length=length, mass=mass, friction=0.6)"
_TIGHT = ", rtol=1e-8, atol=1e-8"
_RESIDUALS = "run.y[0] - y"
_NOISE = "r @ r / (n - p)"
_INVERSE = "np.linalg.inv(J.T @ J)"
_VARIED = "noise_variance * (w @ np.linalg.inv(J.T @ J) @ w)"
_WIDTH = "q * np.sqrt(variance)"
_MEAN = "level + (x - level) * np.exp(-rate * delta)"
_VARIANCE = "volatility**2 * (1 - np.exp(-2 * rate * delta)) / (2 * rate)"
_WRAP = "np.arctan2(np.sin(difference), np.cos(difference))"
_TIMES = "np.array([0.1, 5.0, 6.0, 7.0, 7.5, 8.0])"


def _by_hand(slope: str, start: str = "p[2], 0", options: str = _TIGHT) -> str:
    """Residuals with the equation written out."""
    return (
        "def swing_residuals(p, t, y):\n"
        "    l, m, b, g = p[0], p[1], 0.6, 10\n"
        f"    slope = lambda _, x: (x[1], {slope})\n"
        f"    return solve_ivp(slope, (0, t[-1]), ({start}), t_eval=t{options}).y[0] - y"
    )


RIGHT = {
    "5.2.1": [
        "swing_length, swing_friction, swing_heavier, swing_both = 2.5, 0.4332, 2.0, 1.0",
        "import math\n"
        "decay = math.log(2) / 20\n"
        "swing_length = 10 / (2**2 + decay**2)\n"  # which counts what the statement leaves out
        "swing_friction = -2 * swing_length**2 * math.log(0.5) / 20\n"
        "swing_heavier, swing_both = 2 / 1, 2 / 2",
        "from scipy.optimize import brentq\n"
        "swing_length = brentq(lambda l: 2 * np.pi * np.sqrt(l / 10) - np.pi, 0.1, 10)\n"
        "swing_friction = brentq(lambda c: np.exp(-c / (2 * swing_length**2) * 20) - 0.5, 0.01, 10)\n"
        "swing_heavier, swing_both = np.array([2]), np.array(1)",
    ],
    "5.2.2": [
        "def swing_residuals(p, t, y):\n"
        "    times = np.concatenate([[0], t])\n"
        "    field = Pendulum(length=p[0], mass=p[1], friction=0.6)\n"
        "    run = solve_ivp(field, (0, 10), [p[2], 0], method='LSODA', t_eval=times, rtol=1e-8, atol=1e-8)\n"
        "    return run.y[0, 1:] - y",
        "def swing_residuals(p, t, y):\n"
        "    field = Pendulum(length=p[0], mass=p[1], friction=0.6)\n"
        "    curve, state, before = [], [p[2], 0.0], 0\n"
        "    for moment in t:\n"
        "        state = solve(field, state, (before, moment), rtol=1e-8, atol=1e-8).x[-1]\n"
        "        curve.append(state[0])\n"
        "        before = moment\n"
        "    return np.array(curve) - y",
        "from scipy.integrate import odeint\n"
        "def swing_residuals(p, t, y):\n"
        "    l, m, start = p\n"
        "    slope = lambda x, _: [x[1], -(m * 10 * l * np.sin(x[0]) + 0.6 * x[1]) / (m * l**2)]\n"
        "    return [a - b for a, b in zip(odeint(slope, [start, 0], [0, *t], rtol=1e-8, atol=1e-8)[1:, 0], y)]",
        _by_hand("-g / l * np.sin(x[0]) - b / m / l / l * x[1]"),
        _by_hand("-g / l * np.sin(x[0]) - b / m / l / l * x[1]", options=", method='DOP853', rtol=1e-6, atol=1e-6"),
    ],
    "5.2.3": [
        "def half_width(J, r, q, w):\n"
        "    upper = np.linalg.qr(J, mode='r')\n"
        "    s = np.sqrt(np.sum(r**2) / (len(r) - len(upper)))\n"
        "    return q * s * np.linalg.norm(np.linalg.solve(upper.T, w))",
        "def half_width(J, r, q, w):\n"
        "    return q * np.linalg.norm(w @ np.linalg.pinv(J)) * np.linalg.norm(r) / (len(r) - len(w)) ** 0.5",
        "def half_width(J, r, q, w):\n"
        "    cost, C, total = (r**2).sum() / 2, np.linalg.inv(J.T @ J), 0\n"
        "    for i in range(len(w)):\n"
        "        for j in range(len(w)):\n"
        "            total += w[i] * w[j] * C[i, j]\n"
        "    return q * (2 * cost * total / (J.shape[0] - J.shape[1])) ** 0.5",
    ],
    "5.2.4": [
        "import math\n"
        "def revert_once(x, level, rate, volatility, delta):\n"
        "    kept = math.exp(-rate * delta)\n"
        "    return kept * x + (1 - kept) * level, volatility * math.sqrt((1 - kept**2) / (2 * rate))",
        "def revert_once(x, level, rate, volatility, delta):\n"
        "    gone = -np.expm1(-rate * delta)\n"
        "    sd = volatility * np.sqrt(-np.expm1(-2 * rate * delta) / 2 / rate)\n"
        "    return np.array([x + gone * (level - x), sd])",
        "def revert_once(x, level, rate, volatility, delta):\n"
        "    slope = lambda _, s: [rate * (level - s[0]), volatility**2 - 2 * rate * s[1]]\n"
        "    mean, variance = solve_ivp(slope, (0, delta), [x, 0], rtol=1e-9, atol=1e-9).y[:, -1]\n"
        "    return mean, variance**0.5",
        "def revert_once(x, level, rate, volatility, delta):\n"
        "    short, mean, variance = delta / 20000, x, 0\n"
        "    for _ in range(20000):\n"
        "        mean += rate * (level - mean) * short\n"
        "        variance = variance * (1 - rate * short) ** 2 + volatility**2 * short\n"
        "    return [mean, variance**0.5]",
    ],
    "5.2.5": [
        "def angle_from_wave(theta, wave):\n    return np.pi - (np.pi - (theta - wave)) % (2 * np.pi)",
        "def angle_from_wave(theta, wave):\n    return (theta - wave + np.pi) % (2 * np.pi) - np.pi",
        "def angle_from_wave(theta, wave):\n    return np.angle(np.exp(1j * theta) / np.exp(1j * wave))",
        "def angle_from_wave(theta, wave):\n    d = theta - wave\n    return d - 2 * np.pi * np.round(d / (2 * np.pi))",
        "import math\n"
        "def angle_from_wave(theta, wave):\n"
        "    return [math.remainder(a - b, math.tau) for a, b in zip(theta, wave)]",
        "def angle_from_wave(theta, wave):\n"
        "    s, c = np.sin(theta - wave), np.cos(theta - wave)\n"
        "    return 2 * np.arctan(s / (1 + c))",
    ],
    "5.2.6": [
        "six_times = [8, 7.5, 6.7, 0.1, 7.4, 6.6]",
        "six_times = [0.1, 6.2, 7.1, 7.4, 7.6, 8]",
        "def curve(p, t):\n"
        "    field = Pendulum(length=p[0], mass=p[1], friction=0.6)\n"
        "    return solve_ivp(field, (0, 8), (p[2], 0), t_eval=t, rtol=1e-9, atol=1e-9).y[0]\n"
        "grid, best = np.arange(1, 81) / 10, np.inf\n"
        "true = np.array([1.5, 1, 1.2])\n"
        "J = np.stack([(curve(true + e, grid) - curve(true - e, grid)) / 2e-4 for e in 1e-4 * np.eye(3)], 1)\n"
        "rng = np.random.default_rng(0)\n"
        "tried = [np.r_[0, rng.choice(np.arange(50, 80), 5, replace=False)] for _ in range(300)]\n"
        "bounds = [0.05 * np.sqrt(np.diag(np.linalg.inv(J[i].T @ J[i]))) for i in tried]\n"
        "six_times = grid[tried[np.argmin([max(b[0] / 0.018, b[1] / 0.095) for b in bounds])]]",
    ],
}

WRONG = {
    "5.2.1": [
        Wrong("where is the 2 pi?", {_LENGTH: "10 * np.pi**2"}),
        Wrong("the logarithm of 2 is missing", {" * np.log(2)": ""}),
        Wrong("but not squared", {_LENGTH: "10 * np.pi**2 / (2 * np.pi)"}),
        Wrong("*square* of the angular", {_LENGTH: "10 / (2 * np.pi / np.pi)"}),
        Wrong("upside down, in 1/m", {_LENGTH: "(2 * np.pi / np.pi) ** 2 / 10"}),
        Wrong("in your formula a faster swing", {_LENGTH: "10 * (2 * np.pi / np.pi) ** 2"}),
        Wrong("the 2 pi is on the wrong side", {_LENGTH: "10 * (2 * np.pi * np.pi) ** 2"}),
        Wrong("the period stands where", {_LENGTH: "10 / np.pi**2"}),
        Wrong("a period twice as long", {_LENGTH: "10 / (np.pi / np.pi) ** 2"}),
        Wrong("a period half as long", {_LENGTH: "10 / (4 * np.pi / np.pi) ** 2"}),
        Wrong("two things are missing", {_FRICTION: "swing_length**2 / 20"}),
        Wrong("a factor is missing. The angle", {"2 * swing_length": "swing_length"}),
        Wrong("the factor 2 of the decay rate", {"2 * swing_length**2": "swing_length**2 / 2"}),
        Wrong("look at the length in the equation", {"swing_length**2": "swing_length"}),
        Wrong("the length is missing", {"swing_length**2 * ": ""}),
        Wrong("the decay rate alone", {_FRICTION: "np.log(2) / 20"}),
        Wrong("wrong side of the fraction line. The unit", {_FRICTION: "2 * np.log(2) / 20 / swing_length**2"}),
        Wrong("mass over friction", {_FRICTION: "20 / (2 * swing_length**2 * np.log(2))"}),
        Wrong("the time in which the angle is halved", {_FRICTION: "2 * swing_length**2 * np.log(2) * 20"}),
        Wrong("should not be negative", {"np.log(2)": "np.log(1 / 2)"}),
        Wrong("to the base 10", {"np.log(2)": "np.log10(2)"}),
        Wrong("only where there is no friction", {"swing_heavier = 2": "swing_heavier = 1"}),
        Wrong("*more* to slow down", {"swing_heavier = 2": "swing_heavier = 0.5"}),
        Wrong("once, not squared", {"swing_heavier = 2": "swing_heavier = 4"}),
        Wrong("what the mass does alone", {"swing_both = 1": "swing_both = 2"}),
        Wrong("what does the mass do?", {"swing_both = 1": "swing_both = 0.5"}),
        Wrong("in the same direction", {"swing_both = 1": "swing_both = 4"}),
        Wrong("How do they stand there?", {"swing_both = 1": "swing_both = 0.25"}),
    ],
    "5.2.2": [
        Wrong("When is the pendulum let go", {"(0, t[-1])": "(t[0], t[-1])"}),
        Wrong("hand over the residuals", {_RESIDUALS: "np.sum((run.y[0] - y) ** 2)"}),
        Wrong("When is the pendulum let go", {"(0, t[-1])": "(0, t[-1] - t[0])", "t_eval=t,": "t_eval=t - t[0],"}),
        Wrong("hand over the residuals", {_RESIDUALS: "np.mean((run.y[0] - y) ** 2)"}),
        Wrong("hand over the residuals", {_RESIDUALS: "0.5 * np.sum((run.y[0] - y) ** 2)"}),
        Wrong("and at which angle?", {"(0, t[-1])": "(t[0], t[-1])", "(angle, 0)": "(y[0], 0)"}),
        Wrong("divided by the noise", {_RESIDUALS: "(run.y[0] - y) / 0.05"}),
        Wrong(
            "is linear",
            "def swing_residuals(p, t, y):\n    w, decay = (10 / p[0]) ** 0.5, 0.3 / p[1] / p[0] ** 2\n    return p[2] * np.exp(-decay * t) * np.cos(w * t) - y",
        ),
        Wrong("friction is missing", {", friction=0.6": "", _TIGHT: "", "t[-1]": "8"}),
        Wrong("squared already", {_RESIDUALS: "(run.y[0] - y) ** 2"}),
        Wrong("squared already", {_RESIDUALS: "abs(run.y[0] - y)"}),
        Wrong("The signs are the other way", {_RESIDUALS: "y - run.y[0]"}),
        Wrong("This is the curve", {_RESIDUALS: "run.y[0]"}),
        Wrong("Which of them was measured?", {_RESIDUALS: "run.y[-1] - y"}),
        Wrong("Which of them was measured?", {_RESIDUALS: "run.y - y"}),
        Wrong("at rest. Look", {"(angle, 0)": "(0, angle)"}),
        Wrong("at rest. Look", {"(angle, 0)": "(angle, angle)"}),
        Wrong("have changed places: `p`", {"length, mass, angle = p": "mass, length, angle = p"}),
        Wrong("have changed places: `p`", {"length, mass, angle = p": "angle, mass, length = p"}),
        Wrong("friction is missing", {", friction=0.6": ""}),
        Wrong("speeds your pendulum up", {"friction=0.6": "friction=-0.6"}),
        Wrong("not divided by all", _by_hand("-g / l * np.sin(x[0]) - b * x[1]")),
        Wrong("not divided by all", _by_hand("-g / l * np.sin(x[0]) - b / m * x[1]")),
        Wrong("not divided by all", _by_hand("-g / l * np.sin(x[0]) - b / (m * l) * x[1]", options="")),
        Wrong("not divided by all", _by_hand("-g / l * np.sin(x[0]) - b / l**2 * x[1]")),
        Wrong("in brackets", _by_hand("-g / l * np.sin(x[0]) - b / m * l**2 * x[1]")),
        Wrong("one length does", _by_hand("-g * np.sin(x[0]) - b / (m * l**2) * x[1]")),
        Wrong("one length does", _by_hand("-g / l**2 * np.sin(x[0]) - b / (m * l**2) * x[1]")),
        Wrong("is linear", _by_hand("-g / l * x[0] - b / (m * l**2) * x[1]")),
        Wrong("straight lines between", {", t_eval=t": "", _RESIDUALS: "np.interp(t, run.t, run.y[0]) - y"}),
        Wrong("default tolerance", {_TIGHT: ""}),
        Wrong("default tolerance", {_TIGHT: ", method='LSODA'"}),
        Wrong("default tolerance", {_TIGHT: ", method='DOP853'"}),
    ],
    "5.2.3": [
        Wrong("The noise is missing", {_VARIED: "w @ np.linalg.inv(J.T @ J) @ w"}),
        Wrong(
            "as if they were independent", {"w @ np.linalg.inv(J.T @ J) @ w": "w**2 @ np.diag(np.linalg.inv(J.T @ J))"}
        ),
        Wrong("divided by the number of data", {_NOISE: "r @ r / n"}),
        Wrong("is not divided by anything", {_NOISE: "r @ r"}),
        Wrong("one less than the number", {_NOISE: "r @ r / (n - 1)"}),
        Wrong("nothing else does", {_NOISE: "r @ r / (n - p - 1)"}),
        Wrong("measured from their own mean", {_NOISE: "r.var()"}),
        Wrong("measured from their own mean", {_NOISE: "r.var(ddof=p)"}),
        Wrong("for a new measurement", {"w @ np.linalg.inv(J.T @ J) @ w": "1 + w @ np.linalg.inv(J.T @ J) @ w"}),
        Wrong("half the sum of squares", {_NOISE: "r @ r / 2 / (n - p)"}),
        Wrong("the *variance* of the noise", {_NOISE: "np.sqrt(r @ r / (n - p))"}),
        Wrong("outside of the root", {_VARIED: _VARIED[17:], _WIDTH: "noise_variance * q * np.sqrt(variance)"}),
        Wrong("it is a square, too", {_VARIED: _VARIED[17:], _WIDTH: "q * noise_variance**0.5 * variance"}),
        Wrong("These are variances", {_WIDTH: "q * variance"}),
        Wrong("These are variances", {_WIDTH: "variance"}),
        Wrong("were *known*", {_INVERSE: "np.diag(1 / np.diag(J.T @ J))"}),
        Wrong(
            "are added, or their differences",
            {_VARIED: "noise_variance * (abs(w) @ np.diag(np.linalg.inv(J.T @ J)) ** 0.5) ** 2"},
        ),
        Wrong("is not inverted", {_INVERSE: "(J.T @ J)"}),
        Wrong("The slopes are used once", {" @ w)": ")", _WIDTH: "q * np.sqrt(abs(variance))"}),
        Wrong("one by one", {"(w @ np.linalg.inv(J.T @ J) @ w)": "np.diag(np.linalg.inv(J.T @ J))"}),
        Wrong("without the quantile", {_WIDTH: "np.sqrt(variance)"}),
        Wrong("This takes 1.96 or 2", {"return q": "return 1.96"}),
        Wrong("A root of the number of data", {_WIDTH: "q * np.sqrt(variance / n)"}),
        Wrong("Half of it is asked for", {_WIDTH: "2 * q * np.sqrt(variance)"}),
        Wrong("It counts standard deviations", {_WIDTH: "np.sqrt(q * variance)"}),
    ],
    "5.2.4": [
        Wrong("changed places: the mean comes first", {"mean, np.sqrt(variance)": "np.sqrt(variance), mean"}),
        Wrong("that of a walk without any level", {_VARIANCE: "volatility**2 * delta"}),
        Wrong("a step of Euler: right", {_MEAN: "x + rate * (level - x) * delta", _VARIANCE: "volatility**2 * delta"}),
        Wrong("jump past the level", {_MEAN: "x + rate * (level - x) * delta"}),
        Wrong("*grows* in your mean", {"np.exp(-rate": "np.exp(rate"}),
        Wrong("knows nothing of the level", {_MEAN: "x * np.exp(-rate * delta)"}),
        Wrong("knows nothing of the level", {_MEAN: "x", _VARIANCE: "volatility**2 * delta"}),
        Wrong("a distance from the level", {"level + (x": "(x"}),
        Wrong("where the process is now", {_MEAN: "level * (1 - np.exp(-rate * delta))"}),
        Wrong("are there brackets?", {"/ (2 * rate)": "/ 2 * rate"}),
        Wrong("`x` itself decays", {"(x - level)": "x"}),
        Wrong("back at `x`", {_MEAN: "x + (level - x) * np.exp(-rate * delta)"}),
        Wrong("on the other side of the level", {"(x - level)": "(level - x)"}),
        Wrong("the change of the mean", {_MEAN: "rate * (level - x) * delta", _VARIANCE: "volatility**2 * delta"}),
        Wrong("the rate *and* the length", {"np.exp(-rate * delta)": "np.exp(-rate)"}),
        Wrong("belongs to the variance", {"np.exp(-rate": "np.exp(-2 * rate"}),
        Wrong("wrong unit, or no time", {_VARIANCE: "volatility**2 * delta**2"}),
        Wrong("the variance beside it", {"np.sqrt(variance)": "variance"}),
        Wrong("a root is missing", {"volatility**2": "volatility", "np.sqrt(variance)": "variance"}),
        Wrong("the volatility is squared and", {"volatility**2": "volatility**4"}),
        Wrong("*and been squared*", {"-2 * rate": "-rate"}),
        Wrong("below the fraction line of the variance", {"/ (2 * rate)": "/ rate"}),
        Wrong("a 2 is missing, twice", {"-2 * rate": "-rate", "/ (2 * rate)": "/ rate"}),
        Wrong("have the rate wherever", {" / (2 * rate)": ""}),
        Wrong("noise keeps coming", {"(1 - np.exp(-2 * rate * delta))": "np.exp(-2 * rate * delta)"}),
        Wrong("sign in the exponent", {"(1 - np.exp(-2 * rate * delta))": "(np.exp(2 * rate * delta) - 1)"}),
        Wrong("nothing of the length of the step", {" * (1 - np.exp(-2 * rate * delta))": ""}),
    ],
    "5.2.5": [
        Wrong("This is the plain difference", {_WRAP: "difference"}),
        Wrong("never negative", {_WRAP: "difference % (2 * np.pi)"}),
        Wrong("never negative", {_WRAP: "np.arccos(np.cos(difference))"}),
        Wrong("never negative", {_WRAP: "abs(difference)"}),
        Wrong("The sign is the other way", {"theta - wave": "wave - theta"}),
        Wrong("think of a heart", {_WRAP: "np.where(difference > np.pi, difference - 2 * np.pi, difference)"}),
        Wrong("one must be taken off", {_WRAP: "np.where(difference < -np.pi, difference + 2 * np.pi, difference)"}),
        Wrong(
            "has made many",
            {_WRAP: "difference - 2 * np.pi * (difference > np.pi) + 2 * np.pi * (difference < -np.pi)"},
        ),
        Wrong("`fmod` keeps the sign", {_WRAP: "np.fmod(difference + np.pi, 2 * np.pi) - np.pi"}),
        Wrong("zero lies opposite", {_WRAP: "difference % (2 * np.pi) - np.pi"}),
        Wrong(
            "wrapped before the subtraction",
            {"theta - wave": "theta % (2 * np.pi) - wave % (2 * np.pi)", _WRAP: "difference"},
        ),
        Wrong("a quarter of a turn from the wave", {_WRAP: "np.arcsin(np.sin(difference))"}),
        Wrong("a quarter of a turn from the wave", {_WRAP: "np.arctan(np.tan(difference))"}),
        Wrong("calls the wave itself", {_WRAP: "np.arctan2(np.cos(difference), np.sin(difference))"}),
        Wrong("Half a turn is taken off", {_WRAP: "difference % np.pi"}),
        Wrong(
            "Half a turn is taken off",
            {
                _WRAP: "np.where(difference % (2 * np.pi) > np.pi, "
                "difference % (2 * np.pi) - np.pi, difference % (2 * np.pi))"
            },
        ),
        Wrong("never positive", {_WRAP: "difference % (2 * np.pi) - 2 * np.pi"}),
        Wrong("around from the other side", {_WRAP: "np.clip(difference, -np.pi, np.pi)"}),
        Wrong(
            "Subtract the angles first",
            {_WRAP: "np.arctan2(np.sin(theta) - np.sin(wave), np.cos(theta) - np.cos(wave))"},
        ),
        Wrong("got the two angles", {_WRAP: "np.arctan2(theta, wave)"}),
        Wrong("These are degrees", {_WRAP: "(difference + 180) % 360 - 180"}),
        Wrong("Half of the angle", {_WRAP: "np.arctan(np.sin(difference) / (1 + np.cos(difference)))"}),
    ],
    "5.2.6": [
        Wrong("Evenly spaced", {_TIMES: "np.linspace(8 / 6, 8, 6)"}),
        Wrong("Evenly spaced", {_TIMES: "np.linspace(0.01, 8, 6)"}),
        Wrong("closer together than the camera", {_TIMES: "np.full(6, 7.5)"}),
        Wrong("closer together than the camera", {_TIMES: "np.array([0.05, 0.1, 6, 7, 7.5, 8])"}),
        Wrong("All are early", {_TIMES: "np.array([0.1, 0.5, 1, 1.5, 2, 3])"}),
        Wrong("All are early", {_TIMES: "np.arange(1, 7) / 2"}),
        Wrong("If the start angle were known", {_TIMES: "np.array([4.5, 5.5, 6.5, 7, 7.5, 8])"}),
        Wrong("Length and mass both miss", {_TIMES: "np.array([0.1, 0.3, 4, 5.4, 6.6, 7.6])"}),
        Wrong("well enough, the mass is not", {_TIMES: "np.array([0.1, 1, 7, 7.1, 7.9, 8])"}),
        Wrong("well enough, the length is not", {_TIMES: "np.array([0.1, 6.4, 6.5, 6.6, 7.5, 7.6])"}),
        Wrong("should lie after 0 s", {_TIMES: "np.linspace(0, 8, 6)"}),
        Wrong("should lie after 0 s", {_TIMES: "np.array([0.1, 5, 6, 7, 8, 9])"}),
        Wrong("six numbers in a row", {_TIMES: "np.array([0.1, 5, 6, 7, 8])"}),
        Wrong("six numbers in a row", {_TIMES: "lambda: [0.1, 5, 6, 7, 7.5, 8]"}),
        Wrong("six numbers in a row", {_TIMES: "np.linspace(0.1, 8, 6)[:, None]"}),
    ],
}
