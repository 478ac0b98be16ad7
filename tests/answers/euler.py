"""Answers to the exercises of *Euler's method*."""

from tests.answers.wrong import Wrong

_EULER = "3 + (6 - 4.5) / 2, 1.5 + (4.5 - 1.5) / 2"
_HEUN = "2 + (2 + 0) / 2, 1 + (1 + 6) / 2"
_SECOND = "k2 = field(t + h / 2, x + h / 2 * k1)"
_THIRD = "k3 = field(t + h, x - h * k1 + 2 * h * k2)"
_MEAN = "h * (k1 + 4 * k2 + k3) / 6"
_FACTOR = "0.9 * (tolerance / error) ** (1 / (p + 1))"
_LIMITED = "h * np.clip(factor, 0.2, 5)"
_ARRIVED = 'solve(field, x0, (0, end), "dopri5", rtol=2e-7, atol=2e-7).x[-1]'
_SCIPYS = "solve_ivp(field, (0, end), x0, method='{0}', rtol={1}, atol={1}).y[:, -1]"
_BY_HAND = (  # which never looks at the clock
    "def arrive(field, x0, end):\n    for _ in range(400):\n        x0 = midpoint(field, 0, x0, end / 400)\n    return x0"
)
_ASKED = "field(i / samples_per_second, y / 1000)"
_TOLD = "1000 * volts_per_second / samples_per_second"

RIGHT = {
    "5.1.1": [
        "prey, predators = 3.75, 3\nheun_prey, heun_predators = 3, 4.5",
        "from fractions import Fraction\n"
        "h = Fraction(1, 2)\n"
        "prey, predators = Fraction(2), Fraction(1)\n"
        "for _ in range(2):\n"
        "    prey, predators = prey + h * (2 * prey - prey * predators), predators + h * (prey * predators - predators)\n"
        "heun_prey, heun_predators = Fraction(3), Fraction(9, 2)",
        "def slope(t, x):\n"
        "    return np.array([2 * x[0] - x[0] * x[1], x[0] * x[1] - x[1]])\n"
        "start = np.array([2.0, 1.0])\n"
        "prey, predators = solve(slope, start, (0, 1), 'euler', step=0.5).x[-1]\n"
        "heun_prey, heun_predators = solve(slope, start, (0, 1), 'heun', step=1).x[-1]",
    ],
    "5.1.2": [
        "h_pair = 0.04\nh_spiral = 0.4\nh_swing = 0.0",
        "h_pair = min(2 / 1, 2 / 50)\nh_spiral = 2 / abs(-1 + 2j) ** 2\nh_swing = 0",
        "from scipy.optimize import brentq\n"
        "def longest(values):\n"
        "    return brentq(lambda h: max(abs(1 + h * v) for v in values) - 1, 1e-6, 10, xtol=1e-12)\n"
        "h_pair = longest(np.linalg.eigvals(np.array([[-1, 0], [0, -50]])))\n"
        "h_spiral = longest(np.linalg.eigvals(np.array([[-1, 2], [-2, -1]])))\n"
        "h_swing = 2 * 0 / (0**2 + 2**2)",
    ],
    "5.1.3": [
        "def kutta3(field, t, x, h):\n"
        "    a = h * field(t, x)\n"
        "    b = h * field(t + 0.5 * h, x + 0.5 * a)\n"
        "    c = h * field(t + h, x - a + 2 * b)\n"
        "    return x + a / 6 + 2 * b / 3 + c / 6",
        "def kutta3(field, t, x, h):\n"
        "    first = field(t, x)\n"
        "    middle = field(t + h / 2, euler(field, t, x, h / 2))\n"
        "    last = field(t + h, x + h * (2 * middle - first))\n"
        "    return x + h * np.average([first, middle, last], axis=0, weights=[1, 4, 1])",
        "kutta3 = lambda f, t, x, h: (lambda k: x + h / 6 * (k[0] + 4 * k[1] + f(t + h, x + h * (2 * k[1] - k[0]))))(\n"
        "    (f(t, x), f(t + h / 2, x + h * f(t, x) / 2))\n"
        ")",
    ],
    "5.1.4": [
        "def next_step(h, error, tolerance, p):\n"
        "    share = error / tolerance\n"
        "    return h * np.minimum(5.0, np.maximum(0.2, 0.9 * share ** (-1 / (p + 1))))",
        "def next_step(h, error, tolerance, p):\n"
        "    found = []\n"
        "    for step, off, most in zip(h, error, tolerance):\n"
        "        fitting = 0.9 * step * (most / off) ** (1 / (p + 1))\n"
        "        found.append(min(max(fitting, step / 5), 5 * step))\n"
        "    return found",
        "def next_step(h, error, tolerance, p):\n"
        "    root = np.exp((np.log(tolerance) - np.log(error)) / (1 + p))\n"
        "    return np.clip(0.9 * h * root, h / 5, h * 5)",
        "def next_step(h, error, tolerance, p):\n"
        "    constant = error / h ** (p + 1)\n"
        "    fitting = 0.9 * (tolerance / constant) ** (1 / (p + 1))\n"
        "    fitting = np.where(fitting > 5 * h, 5 * h, fitting)\n"
        "    return np.where(fitting < h / 5, h / 5, fitting)",
    ],
    "5.1.5": [
        "def arrive(field, x0, end):\n"
        "    return solve_ivp(field, (0, end), x0, method='DOP853', rtol=1e-6, atol=1e-6).y[:, -1]",
        "def arrive(field, x0, end):\n"
        "    return solve_ivp(field, (0, end), x0, method='LSODA', rtol=1e-8, atol=1e-8).y[:, -1]",
        "def arrive(field, x0, end):\n"
        "    *_, (_, last) = march_adaptively(dopri5, field, x0, (0.0, end), end / 100, 2e-7, 2e-7)\n"
        "    return last",
        "def arrive(field, x0, end):\n    return solve_ivp(field, (0, end), x0, rtol=2e-7, atol=2e-7).y.T[-1].tolist()",
        "def arrive(field, x0, end):\n"
        "    return solve_ivp(field, (0, end), x0, method='Radau', rtol=1e-5, atol=1e-5).y[:, -1]",
        "def arrive(field, x0, end):\n"
        "    run = solve_ivp(field, (0, end), x0, method='LSODA', t_eval=[end], rtol=1e-9, atol=1e-9)\n"
        "    return run.y.ravel()",
    ],
    "5.1.6": [
        "def recorded_slope(field, i, y, samples_per_second):\n"
        "    seconds = i / samples_per_second\n"
        "    seconds_per_sample = 1 / samples_per_second\n"
        "    return field(seconds, y * 1e-3) * seconds_per_sample * 1e3",
        "def recorded_slope(field, i, y, samples_per_second):\n"
        "    volts, slope = np.divide(y, 1000), 0\n"
        "    slope = np.array(field(i * samples_per_second**-1, volts))\n"
        "    return slope / (0.001 * samples_per_second)",
        "def recorded_slope(field, i, y, samples_per_second):\n"
        "    period, volt = 1 / samples_per_second, 1000\n"
        "    return [volt * period * slope for slope in field(i * period, np.asarray(y) / volt)]",
        "recorded_slope = lambda f, i, y, rate: f(i / rate, y / 1000.0) / rate * 1000.0",
    ],
}

WRONG = {
    "5.1.1": [
        Wrong("one step of length 1", {_EULER: "2 + 2, 1 + 1"}),
        Wrong("after one step", {_EULER: "3, 1.5"}),
        Wrong("multiplied by the length", {_EULER: "4 + (8 - 8), 2 + (8 - 2)"}),
        Wrong("met the *new* prey", {_EULER: "3 + (6 - 6) / 2, 2 + (6 - 2) / 2"}),
        Wrong("*less* what dies", {_EULER: "3 + (6 - 6) / 2, 2 + 6 / 2"}),
        Wrong("a whole step of Euler", {_HEUN: "2 + 2, 1 + 1"}),
        Wrong("only the slope at the end", {_HEUN: "2 + 0, 1 + 6"}),
        Wrong("were added. Their mean", {_HEUN: "2 + 2 + 0, 1 + 1 + 6"}),
        Wrong("the midpoint method", {_HEUN: "2 + (6 - 4.5), 1 + (4.5 - 1.5)"}),
        Wrong("of length 1/2. Take one", {_HEUN: "2 + (2 + 1.5) / 4, 1 + (1 + 3) / 4"}),
    ],
    "5.1.2": [
        Wrong("limit of the slow state", {"2 / 50": "2 / 1"}),
        Wrong("does not even change its sign", {"2 / 50": "1 / 50"}),
        Wrong("do not add up. Each state", {"2 / 50": "2 / (1 + 50)"}),
        Wrong("the damping alone allows", {"2 * 1 / (1**2 + 2**2)": "2 / 1"}),
        Wrong("over the *size* of the eigenvalue", {"2 * 1 / (1**2 + 2**2)": "2 / (1**2 + 2**2) ** 0.5"}),
        Wrong("the frequency alone", {"2 * 1 / (1**2 + 2**2)": "2 / 2"}),
        Wrong("do not simply add up", {"2 * 1 / (1**2 + 2**2)": "2 / (1 + 2)"}),
        Wrong("comes from the damping, not", {"2 * 1 / (1**2 + 2**2)": "2 * 2 / (1**2 + 2**2)"}),
        Wrong("a factor 2 was lost", {"2 * 1 / (1**2 + 2**2)": "1 / (1**2 + 2**2)"}),
        Wrong("the hypotenuse", {"h_swing = 0": "h_swing = 2 / 2"}),
        Wrong("its square is 1 plus", {"h_swing = 0": "h_swing = 1 / 2"}),
        Wrong("with the eigenvalue of this rotation", {"h_swing = 0": "h_swing = 2"}),
        Wrong("with the eigenvalue of this rotation", {"h_swing = 0": "h_swing = 2 * 2 / (0 + 2**2) ** 0.5"}),
    ],
    "5.1.3": [
        Wrong("all at the time `t`", {"t + h / 2": "t", "t + h,": "t,"}),
        Wrong("second slope is asked for at the time", {"t + h / 2": "t"}),
        Wrong("third slope is asked for at the middle", {"t + h,": "t + h / 2,"}),
        Wrong("look at the signs", {"x - h * k1": "x + h * k1"}),
        Wrong("look at the signs", {"x - h * k1 + 2 * h * k2": "x + h * k1 - 2 * h * k2"}),
        Wrong("the first slope is missing", {"x - h * k1 + 2": "x + 2"}),
        Wrong("the first slope is missing", {"x - h * k1 + 2 * h": "x + h"}),
        Wrong("for *two* steps", {"2 * h * k2": "h * k2"}),
        Wrong("in the *middle* of the step", {"x + h / 2 * k1": "x + h * k1"}),
        Wrong("in the *middle* of the step", {_SECOND: "k2 = field(t + h, x + h * k1)"}),
        Wrong(
            "without being multiplied", {"x + h / 2 * k1": "x + k1 / 2", "x - h * k1 + 2 * h * k2": "x - k1 + 2 * k2"}
        ),
        Wrong("without being multiplied", {"x - h * k1 + 2 * h * k2": "x - k1 + 2 * k2"}),
        Wrong("without being multiplied", {"x + h / 2 * k1": "x + k1 / 2"}),
        Wrong("only the change in the step", {"return x + h": "return h"}),
        Wrong("only the change in the step", {"return x + h * ": "return "}),
        Wrong("final mean is not multiplied", {_MEAN: "(k1 + 4 * k2 + k3) / 6"}),
        Wrong("count alike", {_MEAN: "h * (k1 + k2 + k3) / 3"}),
        Wrong("counts twice", {_MEAN: "h * (k1 + 2 * k2 + k3) / 4"}),
        Wrong("do not add up to 1", {_MEAN: "h * (k1 + 4 * k2 + k3)"}),
        Wrong("something else than you have divided by", {_MEAN: "h * (k1 + 4 * k2 + k3) / 3"}),
        Wrong("something else than you have divided by", {_MEAN: "h * (k1 + 4 * k2 + k3) / 5"}),
        Wrong("something else than you have divided by", {_MEAN: "h * (k1 + 4 * k2 + k3) / 4"}),
    ],
    "5.1.4": [
        Wrong("upside down", {"tolerance / error": "error / tolerance"}),
        Wrong("one too low", {"1 / (p + 1)": "1 / p"}),
        Wrong("right for an order of 4 only", {"1 / (p + 1)": "0.2"}),
        Wrong("where is the root?", {" ** (1 / (p + 1))": ""}),
        Wrong("the way back is a root", {"1 / (p + 1)": "p + 1"}),
        Wrong("the *whole* sum", {"1 / (p + 1)": "1 / p + 1"}),
        Wrong("which needs brackets", {"(1 / (p + 1))": "1 / (p + 1)"}),
        Wrong("The safety is missing", {"0.9 * ": ""}),
        Wrong("You took a root of it", {"0.9 * (tolerance / error)": "(0.9 * tolerance / error)"}),
        Wrong("Nothing holds the factor", {_LIMITED: "h * factor"}),
        Wrong("a lower limit, too", {_LIMITED: "h * np.minimum(factor, 5)"}),
        Wrong("an upper limit, too", {_LIMITED: "h * np.maximum(factor, 0.2)"}),
        Wrong("so it moves them", {"0.9 * (tol": "(tol", _LIMITED: "0.9 * h * np.clip(factor, 0.2, 5)"}),
        Wrong("You have limited the step", {_LIMITED: "np.clip(h * factor, 0.2, 5)"}),
        Wrong("This is the factor", {_LIMITED: "np.clip(factor, 0.2, 5)"}),
    ],
    "5.1.5": [
        Wrong("not asked even once", {_ARRIVED: "x0"}),
        Wrong("digits that nobody asked for", {"2e-7": "1e-10"}),
        Wrong("A method of higher order pays less", {_ARRIVED: _SCIPYS.format("RK23", 1e-7)}),
        Wrong("A method of higher order pays less", {_ARRIVED: _SCIPYS.format("RK23", 1e-9)}),
        Wrong("digits that nobody asked for", {_ARRIVED: _SCIPYS.format("RK45", 1e-7)}),
        Wrong("digits that nobody asked for", {_ARRIVED: _SCIPYS.format("BDF", 1e-7)}),
        Wrong("digits that nobody asked for", {_ARRIVED: _SCIPYS.format("Radau", 1e-10)}),
        Wrong("not exact enough", {_ARRIVED: _SCIPYS.format("BDF", 1e-5)}),
        Wrong("the longer a run", {_ARRIVED: "solve(field, x0, (0, end), rk4, step=0.01).x[-1]"}),
        Wrong("the longer a run", {_ARRIVED: "solve(field, x0, (0, end), rk4, step=0.036).x[-1]"}),
        Wrong("asked about as often", {_ARRIVED: "solve(field, x0, (0, end), rk4, step=end / 400).x[-1]"}),
        Wrong("asked about as often", _BY_HAND),
        Wrong("of the run that was asked for", {_ARRIVED: _ARRIVED.replace("2e-7", "1e-10").replace("[-1]", "[0]")}),
        Wrong("asked about as often", {_ARRIVED: "solve(field, x0, (0, end), rk4, step=end / 200).x[-1]"}),
        Wrong("the longer a run", {_ARRIVED: "solve(field, x0, (0, end), rk4, step=0.04).x[-1]"}),
        Wrong(
            "this method is too weak",
            {_ARRIVED: "solve_ivp(field, (0, end), x0, method='RK23', rtol=2e-6, atol=1e-6).y[:, -1]"},
        ),
        Wrong("of the run that was asked for", {_ARRIVED: "solve(field, x0, (0, 1), rtol=2e-7, atol=2e-7).x[0]"}),
        Wrong("not exact enough", {", rtol=2e-7, atol=2e-7": ""}),
        Wrong("the two states at the end", {".x[-1]": ".x"}),
        Wrong("far beyond the budget", {_ARRIVED: "solve(field, x0, (0, end), euler, step=1e-4).x[-1]"}),
    ],
    "5.1.6": [
        Wrong("in the wrong units, too", {_ASKED: "field(i, y)", _TOLD: "volts_per_second"}),
        Wrong("It wants to know the second", {"field(i / samples_per_second": "field(i"}),
        Wrong("multiplied by the samples per second", {"field(i / samples": "field(i * samples"}),
        Wrong("It wants volts", {"y / 1000": "y"}),
        Wrong("Divide.", {"y / 1000": "y * 1000"}),
        Wrong("Divide.", {"y / 1000": "y * 1000", "1000 * volts_per_second": "volts_per_second / 1000"}),
        Wrong("It wants to know the second", {_ASKED: "field(i, y / 1000)", "second / samples": "second * samples"}),
        Wrong("The seconds are missing twice", {_ASKED: "field(i, y / 1000)", _TOLD: "1000 * volts_per_second"}),
        Wrong("Both times `samples_per_second`", {"/ samples_per_second": "* samples_per_second"}),
        Wrong("multiplied by the samples", {"i / samples": "i * samples", _TOLD: "1000 * volts_per_second"}),
        Wrong("Both of its units change", {_TOLD: "volts_per_second"}),
        Wrong("Both of its units change", {_ASKED: "field(i, y / 1000)", _TOLD: "volts_per_second"}),
        Wrong("Both of its units change", {"y / 1000": "y", _TOLD: "volts_per_second"}),
        Wrong("What comes out is translated", {_ASKED: "field(i, y)"}),
        Wrong("counts millivolts", {"1000 * volts": "volts"}),
        Wrong("it is the other way", {"1000 * volts_per_second": "volts_per_second / 1000"}),
        Wrong("In one sample less happens", {_TOLD: "1000 * volts_per_second"}),
        Wrong("right side of the fraction line", {_TOLD: "1000 * volts_per_second * samples_per_second"}),
        Wrong("neither on the way in", {"y / 1000": "y", "1000 * volts": "volts"}),
    ],
}
