"""Answers to the exercises of *The pendulum that beta cannot disentangle*."""

from tests.answers.wrong import Wrong

_SCORES = "(1 + 1 + 1 + 0) / 4"
_PAIR = "((0.5 - 0.5) + (0.5 - 0.5) + 1 + 0) / 4"
_COSINE = "length * velocity0**2 / 20"
_NATS = "0.5 * (torch.logdet(covariance) - variances.log().sum(-1))"
_DRAW = "low + (high - low) * share"
_ANGLE = "2 * math.pi * frequency * t + phase"

_ENDS = "    low, high = np.array([[0.5, 0.5, 1.0, 1.0], [1.5, 1.5, 2.5, 3.0]])\n"
_RNG = "def draw_factors(n, seed):\n    rng = np.random.default_rng(seed)\n" + _ENDS

_LOOPS = (
    "def draw_factors(n, seed, jitter=0.05):\n"
    "    rng = np.random.default_rng(seed)\n"
    "    levels, sizes = (0.5, 0.75, 1.0, 1.25, 1.5), (1.0, 1.5, 2.0, 2.5)\n"
    "    rows = []\n"
    "    while len(rows) < n:\n"
    "        for theta0 in levels:\n"
    "            for omega0 in levels:\n"
    "                for length in sizes:\n"
    "                    for mass in sizes:\n"
    "                        rows.append((theta0, omega0, length, mass) + rng.normal(0, jitter, 4))\n"
    "    return np.array(rows[:n])"
)

_RHO = (
    "def nats_for_axes(covariance):\n"
    "    sigma = covariance.diagonal(dim1=1, dim2=2).sqrt()\n"
    "    rho = covariance / (sigma[:, :, None] * sigma[:, None, :])\n"
    "    prices = 0.5 * torch.log(1 / (1 - rho**2))\n"
)

_WALK = (
    "def draw_factors(n, seed):\n"
    "    low, high = torch.tensor([0.5, 0.5, 1.0, 1.0]), torch.tensor([1.5, 1.5, 2.5, 3.0])\n"
    "    steps = 0.05 * torch.randn(n, 4, generator=torch.Generator().manual_seed(seed))\n"
    "    walk = (low + high) / 2 + steps.cumsum(0)\n"
)

RIGHT = {
    "3.2.1": [
        "honest = 3 / 4\ntwice = 1 / 2\nturned_pair = 1 / 4",
        "def gap(told):\n"
        "    best = torch.tensor(told).sort(dim=0, descending=True).values\n"
        "    return (best[0] - best[1]).mean()\n"
        "seen = [[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]\n"
        "honest = gap(seen)\n"
        "twice = gap([*seen, seen[2]])\n"
        "turned_pair = gap([[0.5, 0.5, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 1, 0]])",
        "honest = np.mean([1, 1, 1, 0])\ntwice = honest - 0.25\nturned_pair = honest - 2 * 0.25",
    ],
    "3.2.2": [
        "def largest_angle(theta0, velocity0, length):\n"
        "    energy = 0.5 * length**2 * velocity0**2 - 10 * length * theta0.cos()\n"
        "    return torch.acos(-energy / (10 * length))",
        "def largest_angle(theta0, velocity0, length):\n"
        "    height = (velocity0**2 * length) / (2 * 10) + 2 * torch.sin(theta0 / 2) ** 2\n"
        "    return 2 * torch.asin(torch.sqrt(height / 2))",
        "def largest_angle(theta0, velocity0, length):\n"
        "    pairs = zip(theta0.tolist(), velocity0.tolist(), length.tolist())\n"
        "    return [math.acos(math.cos(a) - r * v * v / 20) for a, v, r in pairs]",
    ],
    "3.2.3": [
        "def nats_for_axes(covariance):\n"
        "    P = torch.linalg.inv(covariance)\n"
        "    return 0.5 * (torch.diagonal(P, dim1=1, dim2=2).log().sum(1) - torch.logdet(P))",
        "def nats_for_axes(covariance):\n"
        "    from torch.distributions import MultivariateNormal, kl_divergence\n"
        "    P = torch.linalg.inv(covariance)\n"
        "    zero = torch.zeros(covariance.shape[:2])\n"
        "    D = torch.diag_embed(1 / P.diagonal(dim1=1, dim2=2))\n"
        "    return kl_divergence(MultivariateNormal(zero, D), MultivariateNormal(zero, covariance))",
        "def nats_for_axes(covariance):\n"
        "    found = []\n"
        "    for C in covariance:\n"
        "        P = C.inverse()\n"
        "        D = torch.diag(1 / torch.diag(P))\n"
        "        trace = torch.trace(P @ D) - len(C)\n"
        "        found.append(0.5 * (trace + torch.log(C.det() / D.det())))\n"
        "    return torch.stack(found)",
    ],
    "3.2.4": [
        "def draw_factors(n, seed):\n"
        "    rng = np.random.default_rng(seed)\n"
        "    return rng.uniform([0.5, 0.5, 1.0, 1.0], [1.5, 1.5, 2.5, 3.0], size=(n, 4))",
        "def draw_factors(n, seed):\n"
        "    torch.manual_seed(seed)\n"
        "    ends = ((0.5, 1.5), (0.5, 1.5), (1.0, 2.5), (1.0, 3.0))\n"
        "    return torch.stack([torch.empty(n).uniform_(*pair) for pair in ends], dim=1)",
        "def draw_factors(n, seed):\n"
        "    import random\n"
        "    dice = random.Random(seed)\n"
        "    ends = ((0.5, 1.5), (0.5, 1.5), (1.0, 2.5), (1.0, 3.0))\n"
        "    return [[dice.uniform(*pair) for pair in ends] for _ in range(n)]",
        _RNG + "    return (low + (high - low) * rng.random((n, 4))).astype(np.float32)",
        "def draw_factors(n, seed):\n"
        "    generator = torch.Generator().manual_seed(seed)\n"
        "    draw = lambda low, high: low + (high - low) * torch.rand(n, generator=generator)\n"
        "    return torch.stack([draw(0.5, 1.5), draw(0.5, 1.5), draw(1, 2.5), draw(1, 3)]).T",
        "def draw_factors(n, seed):\n    return data.pendulum(n, seed, n_times=2).factors",
    ],
    "3.2.5": [
        "def damped(z, t):\n"
        "    a, f, phi, gamma = (column[:, None] for column in z.T)\n"
        "    return a * torch.cos(phi + math.tau * f * t) / torch.exp(gamma * t)",
        "def damped(z, t):\n"
        "    rows = [a * torch.exp(-g * t) * torch.cos(2 * torch.pi * f * t + p) for a, f, p, g in z]\n"
        "    return torch.stack(rows)",
        "def damped(z, t):\n"
        "    a, f, p, g = np.moveaxis(z.numpy()[..., None], 1, 0)\n"
        "    return a * np.exp(-g * t.numpy()) * np.sin(2 * np.pi * f * t.numpy() + p + np.pi / 2)",
    ],
}

WRONG = {
    "3.2.1": [
        Wrong("the mass is one of the four factors", {_SCORES: "(1 + 1 + 1) / 3"}),
        Wrong(
            "per cent",
            {
                _SCORES: f"100 * {_SCORES}",
                "(1 + 1 + (1 - 1) + 0) / 4": "50",
                _PAIR: "25",
            },
        ),
        Wrong("whatever the number of codes", {_SCORES: "3 / 5"}),
        Wrong("no factor more", {"(1 + 1 + (1 - 1) + 0) / 4": "(1 + 1 + (1 - 1) + 0 + 0) / 5"}),
        Wrong("counted as one more to average over", {"(1 + 1 + (1 - 1) + 0) / 4": "(1 + 1 + 1 + 0 + 0) / 5"}),
        Wrong("a copy changes the second best code", {"(1 + 1 + (1 - 1) + 0) / 4": "(1 + 1 + 1 + 0) / 4"}),
        Wrong("not their sum", {_SCORES: "1 + 1 + 1 + 0"}),
        Wrong("three factors can be seen", {"(1 + 1 + (1 - 1) + 0) / 4": "2 / 3"}),
        Wrong("hurts the length alone", {"(1 + 1 + (1 - 1) + 0) / 4": "0.0"}),
        Wrong("these are the best codes", {_PAIR: "(0.5 + 0.5 + 1) / 4"}),
        Wrong("has a code of its own", {_PAIR: "0"}),
        Wrong("left the mass out of the mean", {_PAIR: "1 / 3"}),
        Wrong("the same half of each factor", {_PAIR: "0.75"}),
    ],
    "3.2.2": [
        Wrong(
            "amplitude of *small* swings",
            "def largest_angle(theta0, velocity0, length):\n"
            "    omega = torch.sqrt(10 / length)\n"
            "    return torch.hypot(theta0, velocity0 / omega)",
        ),
        Wrong("factor 1/2", {_COSINE: "length * velocity0**2 / 10"}),
        Wrong("The length is missing", {_COSINE: "velocity0**2 / 20"}),
        Wrong("does the length divide", {_COSINE: "velocity0**2 / (20 * length)"}),
        Wrong("One `length` is left over", {_COSINE: "length**2 * velocity0**2 / 20"}),
        Wrong("angle at the start is missing", {"torch.cos(theta0)": "1"}),
        Wrong("Where is gravity?", {"/ 20": "/ 2"}),
        Wrong("from the horizontal", {"torch.acos(": "torch.asin("}),
        Wrong("Some of the angles are NaN", {_COSINE: "10 * length * velocity0**2"}),
        Wrong(
            "formula of the half angle",
            "def largest_angle(theta0, velocity0, length):\n"
            "    height = length * velocity0**2 / 20 + 1 - torch.cos(theta0)\n"
            "    return 2 * torch.asin(torch.sqrt(height))",
        ),
        Wrong("swings *further*", {"- length": "+ length"}),
        Wrong("This is the cosine", {"torch.acos(cosine)": "cosine"}),
        Wrong("the *square* of the velocity", {"velocity0**2": "velocity0"}),
        Wrong("not 9.81", {"/ 20": "/ (2 * 9.81)"}),
        Wrong("These are degrees", {"torch.acos(cosine)": "torch.acos(cosine) * 180 / math.pi"}),
    ],
    "3.2.3": [
        Wrong(
            "Right for two factors",
            "def nats_for_axes(covariance):\n"
            "    variances = covariance.diagonal(dim1=1, dim2=2)\n"
            "    return 0.5 * (variances.log().sum(1) - torch.logdet(covariance))",
        ),
        Wrong("pairs do not simply add", _RHO + "    return prices.tril(-1).sum((1, 2))"),
        Wrong("the first two factors", _RHO + "    return prices[:, 0, 1]"),
        Wrong("the last two factors", _RHO + "    return prices[:, -1, -2]"),
        Wrong(
            "turned upside down twice",
            {
                "1 / precision.diagonal(dim1=-2, dim2=-1)": "1 / covariance.diagonal(dim1=-2, dim2=-1) ** -1",
            },
        ),
        Wrong("the trace that it stands against", {_NATS: _NATS + " - 0.5 * covariance.shape[-1]"}),
        Wrong(
            "You took the diagonal of `C`",
            "def nats_for_axes(covariance):\n"
            "    D = torch.diag_embed(covariance.diagonal(dim1=1, dim2=2))\n"
            "    trace = (torch.linalg.inv(covariance) @ D).diagonal(dim1=1, dim2=2).sum(1)\n"
            "    return 0.5 * (trace - D.shape[1] + torch.logdet(covariance) - torch.logdet(D))",
        ),
        Wrong("factor 1/2 is missing", {"0.5 * (": "("}),
        Wrong("never negative", {_NATS: "0.5 * (variances.log().sum(-1) - torch.logdet(covariance))"}),
        Wrong("determinant of `C` is missing", {"torch.logdet(covariance) - ": "-"}),
        Wrong("One determinant has the wrong sign", {"torch.logdet(covariance) - ": "-torch.logdet(covariance) - "}),
        Wrong("standard deviations for variances", {"variances.log()": "variances.sqrt().log()"}),
        Wrong("These are bits", {_NATS: _NATS + " / math.log(2)"}),
        Wrong("One number for all", {_NATS: f"({_NATS}).mean()"}),
        Wrong("and do not add them", {_NATS: f"({_NATS}).sum()"}),
        Wrong("the two cancel", {_NATS: _NATS + " + 0.5 * covariance.shape[-1]"}),
    ],
    "3.2.4": [
        Wrong("It still walks", _WALK + "    return walk"),
        Wrong("Each row tells a good deal", _WALK + "    return walk.clamp(low, high)"),
        Wrong("Each row tells a good deal", {_DRAW: "(low + (high - low) * share).sort(0).values"}),
        Wrong("Nothing adds up any more", _LOOPS),
        Wrong("Nothing adds up any more", _LOOPS.replace("rng.normal(0, jitter, 4)", "rng.uniform(0, 0.2, 4)")),
        Wrong("takes the same values over", _LOOPS.replace("jitter=0.05", "jitter=0.0")),
        Wrong("takes the same values over", _RNG + "    return low + (high - low) * rng.integers(0, 10, (n, 4)) / 9"),
        Wrong(
            "takes the same values over",
            _RNG + "    return np.stack([rng.choice(np.linspace(*ends, 20), n) for ends in zip(low, high)], 1)",
        ),
        Wrong("takes the same values over", {_DRAW: "(low + (high - low) * share)[torch.arange(n) % 400]"}),
        Wrong("One of the factors is the same", {"share = torch.rand(n, 4": "share = 0 * torch.rand(n, 4"}),
        Wrong("come from the same draw", {"torch.rand(n, 4": "torch.rand(n, 1"}),
        Wrong(
            "one is made from another",
            _RNG + "    share = rng.random((n, 4))\n"
            "    share[:, 3] = abs(2 * share[:, 0] - 1)\n"
            "    return low + (high - low) * share",
        ),
        Wrong("between 0 and 1", {_DRAW: "share"}),
        Wrong("have changed places", {"1.5, 1.5, 2.5, 3.0": "1.5, 1.5, 3.0, 2.5"}),
        Wrong("have changed places", {_DRAW: "(low + (high - low) * share)[:, [2, 3, 0, 1]]"}),
        Wrong("have changed places", {_DRAW: "(low + (high - low) * share)[:, [3, 2, 1, 0]]"}),
        Wrong("The draws begin at 0", {_DRAW: "high * share"}),
        Wrong("The draws begin at 0", {_DRAW: "(high - low) * share"}),
        Wrong("by the *width*", {_DRAW: "low + high * share"}),
        Wrong("What becomes of the smallest draw", {_DRAW: "low + (high - low) * (share - 0.5)"}),
        Wrong("a jitter on top", _RNG + "    return rng.uniform(low, high, (n, 4)) + rng.normal(0, 0.003, (n, 4))"),
        Wrong("half its width", {_DRAW: "(low + high) / 2 + (high - low) * (2 * share - 1)"}),
        Wrong(
            "A normal distribution has no ends",
            _RNG + "    centres = np.stack([rng.choice(np.linspace(*ends, 5), n) for ends in zip(low, high)], 1)\n"
            "    return centres + rng.normal(0, 0.05, (n, 4))",
        ),
        Wrong(
            "A normal distribution has no ends",
            {"torch.rand(n": "torch.randn(n", _DRAW: "(low + high) / 2 + (high - low) / 4 * share"},
        ),
        Wrong("heap up", {_DRAW: "low + (high - low) * share**2"}),
        Wrong("heap up", _RNG + "    return low + (high - low) * rng.beta(1.2, 1.2, (n, 4))"),
        Wrong("heap up", _RNG + "    return rng.normal((low + high) / 2, (high - low) / 10, (n, 4))"),
        Wrong("or at its ends", {_DRAW: "(low + 1.02 * (high - low) * share).minimum(high)"}),
        Wrong("ranges are not filled", {_DRAW: "low + 0.97 * (high - low) * share"}),
        Wrong("ranges are not filled", {_DRAW: "low + 0.985 * (high - low) * share"}),
        Wrong("ranges are not filled", {"1.5, 1.5, 2.5, 3.0": "1.5, 1.5, 2.4, 3.0"}),
        Wrong("ranges are not filled", {"1.5, 1.5, 2.5, 3.0": "1.5, 1.5, 2.5, 2.5"}),
        Wrong("gives other numbers each time", {", generator=torch.Generator().manual_seed(seed)": ""}),
        Wrong("Another seed gives the same", {"manual_seed(seed)": "manual_seed(0)"}),
        Wrong(
            "in one factor at least",
            _RNG + "    share = rng.random((n, 4))\n"
            "    share[:, 2] = np.random.default_rng(99).random(n)\n"
            "    return low + (high - low) * share",
        ),
    ],
    "3.2.5": [
        Wrong("The swing grows", {"torch.exp(-decay": "torch.exp(decay"}),
        Wrong("does not fade with time", {"torch.exp(-decay * t)": "torch.exp(-decay)"}),
        Wrong("It is a rate", {"torch.exp(-decay * t)": "torch.exp(-t / decay)"}),
        Wrong("the *square* of the time", {"torch.exp(-decay * t)": "torch.exp(-decay * t**2)"}),
        Wrong("slipped into the exponential", {"amplitude * torch.exp(-decay": "torch.exp(-amplitude * decay"}),
        Wrong("multiplied by the amplitude", {"torch.exp(-decay": "torch.exp(-amplitude * decay"}),
        Wrong("added to the exponent", {"amplitude * torch.exp(-decay": "torch.exp(amplitude - decay"}),
        Wrong("needs the shape `(n, 1)`", {"z[..., None].unbind(-2)": "z.T"}),
        Wrong(
            "needs the shape `(n, 1)`",
            "def damped(z, t):\n"
            "    return z[:, 0] * torch.exp(-z[:, 3] * t) * torch.cos(math.tau * z[:, 1] * t + z[:, 2])",
        ),
        Wrong("Nothing fades", {"torch.exp(-decay * t)": "1"}),
        Wrong("the cosine wants radians", {_ANGLE: "frequency * t + phase"}),
        Wrong("Half a swing per period", {_ANGLE: "math.pi * frequency * t + phase"}),
        Wrong("The phase is in radians already", {_ANGLE: "2 * math.pi * (frequency * t + phase)"}),
        Wrong("wrong sign", {"t + phase": "t - phase"}),
        Wrong("That is a sine", {"torch.cos(": "torch.sin("}),
        Wrong("Phase and decay have changed places", {"frequency, phase, decay =": "frequency, decay, phase ="}),
        Wrong(
            "Amplitude and frequency", {"amplitude, frequency, phase, decay =": "frequency, amplitude, phase, decay ="}
        ),
        Wrong(
            "one *row* for each row",
            "def damped(z, t):\n"
            "    a, f, p, g = z.T\n"
            "    t = t[:, None]\n"
            "    return a * torch.exp(-g * t) * torch.cos(2 * math.pi * f * t + p)",
        ),
    ],
}
