"""Answers to the exercises of *Trajectories*."""

from tests.answers.wrong import Wrong

_STEEPEST = "0.01**4 * 100**0.5 * 96**3"
_CLIP = "(100**0.5 * 250 * 100 * 50) ** (-1 / 4)"
_FACTOR = "0.001 * 50"
_ERROR = "(1 + 4 + 1) ** 0.5 * sigma / h**2"
_FORCES = "-torch.stack([torch.sin(theta), velocity], dim=-1)"
_SOLVED = "torch.linalg.lstsq(forces, acceleration[..., None]).solution.squeeze(-1)"
_TWELVE = "for j in range(12)]"
_ELEVEN = "for j in range(11)]"
_GAPS = "torch.cdist(rows, rows).fill_diagonal_(math.inf)"
_NEAREST = "gap_to.amin(dim=1).median()"

_BY_HAND = (
    "def fit_friction(theta, velocity, acceleration):\n"
    "    p, v, a = torch.sin(theta), velocity, -acceleration\n"
    "    pp, pv, vv, pa, va = ((m * n).sum(1) for m, n in ((p, p), (p, v), (v, v), (p, a), (v, a)))\n"
    "    det = pp * vv - pv**2\n"
    "    return torch.stack([(vv * pa - pv * va) / det, (pp * va - pv * pa) / det], dim=1)"
)

RIGHT = {
    "4.2.1": [
        "steepest = 8.847e-2\nclip_for_one = 0.01682\nfactor = 5e-2",
        "paths = np.prod([96.0, 96.0, 96.0])\n"
        "steepest = paths * np.sqrt(100) / 1e8\n"
        "clip_for_one = np.sqrt(np.sqrt(1 / (10 * 250 * 5000)))\n"
        "factor = 50 / 1000",
        "def loudest(clip, *widths):\n"
        "    step = torch.full((widths[0],), widths[0] ** -0.5).double()\n"
        "    for n_in, n_out in zip(widths, widths[1:]):\n"
        "        step = torch.full((n_out, n_in), clip).double() @ step\n"
        "    return step.item()\n"
        "steepest = loudest(0.01, 100, 96, 96, 96, 1)\n"
        "clip_for_one = loudest(1, 100, 250, 100, 50, 1) ** -0.25\n"
        "factor = loudest(0.001, 100, 250, 100, 50, 50, 1) / loudest(0.001, 100, 250, 100, 50, 1)",
    ],
    "4.2.2": [
        "def acceleration_error(sigma, h):\n    return math.sqrt(6) * sigma / (h * h)",
        "def acceleration_error(sigma, h):\n"
        "    variance = sigma**2 + (2 * sigma) ** 2 + sigma**2\n"
        "    return torch.sqrt(variance / h**4)",
        "def acceleration_error(sigma, h):\n"
        "    weights = torch.tensor([1.0, -2.0, 1.0])\n"
        "    return torch.outer(sigma / h**2, weights).norm(dim=1)",
    ],
    "4.2.3": [
        _BY_HAND,
        "def fit_friction(theta, velocity, acceleration):\n"
        "    X = torch.stack([torch.sin(theta), velocity], dim=2)\n"
        "    y = -acceleration.unsqueeze(2)\n"
        "    return torch.linalg.solve(X.mT @ X, X.mT @ y)[:, :, 0]",
        "def fit_friction(theta, velocity, acceleration):\n"
        "    found = []\n"
        "    for row in range(len(theta)):\n"
        "        table = np.stack([theta[row].sin().numpy(), velocity[row].numpy()], axis=1)\n"
        "        found.append(np.linalg.pinv(table) @ -acceleration[row].numpy())\n"
        "    return torch.tensor(np.array(found))",
    ],
    "4.2.4": [
        "def apart(draws, real):\n"
        "    def nearest(x):\n"
        "        return torch.cdist(x, x).kthvalue(2, dim=1).values.median()\n"
        "    return nearest(draws) / nearest(real)",
        "def apart(draws, real):\n"
        "    def usual(x):\n"
        "        d = (x[:, None] - x[None]).pow(2).sum(-1).sqrt()\n"
        "        return np.median(d.sort(dim=1).values[:, 1].numpy())\n"
        "    return usual(draws) / usual(real)",
        "def apart(draws, real):\n"
        "    medians = []\n"
        "    for x in (draws, real):\n"
        "        rest = [torch.cat([x[:i], x[i + 1 :]]) for i in range(len(x))]\n"
        "        medians.append(torch.stack([nearest_distance(x[i : i + 1], r)[0] for i, r in enumerate(rest)]).median())\n"
        "    return float(medians[0] / medians[1])",
    ],
    "4.2.5": [
        "def basis(t):\n"
        "    u = 2 * (t - t.min()) / (t.max() - t.min()) - 1\n"
        "    return torch.tensor(np.polynomial.legendre.legvander(u.numpy(), 11).T)",
        "def basis(t):\n"
        "    w = torch.arange(1, 6)[:, None] * math.pi * t / t.max()\n"
        "    return torch.cat([torch.ones(1, len(t)), torch.sin(w), torch.cos(w)])",
        "def basis(t):\n"
        "    u = (t - t.mean()) / (t.max() - t.mean())\n"
        "    return torch.stack([u**j for j in range(12)])",
        "def basis(t):\n"
        "    places = torch.linspace(t[0], t[-1], 12)\n"
        "    return torch.exp(-0.5 * ((t - places[:, None]) / 0.5) ** 2)",
        "def basis(t):\n"
        "    third = torch.eye(len(t)).double().diff(n=3, dim=0)\n"
        "    return torch.linalg.eigh(third.T @ third).eigenvectors[:, :12].T",
        "def basis(t):\n"
        "    u = ((t - t[0]) / (t[-1] - t[0]))[:, None]\n"
        "    bumps = (u - torch.linspace(0, 1, 9)[1:-1]).clamp(min=0)\n"
        "    return torch.cat([u ** torch.arange(5), bumps**4], dim=1).T",
        "def basis(t):\n"
        "    curves = data.pendulum(500, 1).x\n"
        "    return torch.linalg.svd(curves, full_matrices=False).Vh[:12]",
        "def basis(t):\n    return np.stack([np.sin(w * t.numpy() + p) for w in np.linspace(1.2, 4, 6) for p in (0, 1.5)])",
    ],
}

WRONG = {
    "4.2.1": [
        Wrong("per *length* of a step", {_STEEPEST: "0.01**4 * 100 * 96**3"}),
        Wrong("`steepest`: the number of inputs is missing", {_STEEPEST: "0.01**4 * 96**3"}),
        Wrong("`steepest`: the idea is right", {_STEEPEST: "0.088"}),
        Wrong("to the score, is clipped too", {_STEEPEST: "0.01**3 * 10 * 96**3"}),
        Wrong("so four, not five", {_STEEPEST: "0.01**5 * 10 * 96**3"}),
        Wrong("the limit is missing, once", {_STEEPEST: "10 * 96**3"}),
        Wrong("the number of ways by 96", {_STEEPEST: "0.01**4 * 10 * 96"}),
        Wrong("multiplied, not added", {_STEEPEST: "0.01**4 * 10 * (96 + 96 + 96)"}),
        Wrong("by their root here too", {_CLIP: "(100 * 250 * 100 * 50) ** (-1 / 4)"}),
        Wrong("`clip_for_one`: the number of inputs is missing", {_CLIP: "(250 * 100 * 50) ** (-1 / 4)"}),
        Wrong("Which root is it?", {_CLIP: "(10 * 250 * 100 * 50) ** (-1 / 3)"}),
        Wrong("rounded to two digits", {_CLIP: "0.017"}),
        Wrong("rounded to three digits", {_CLIP: "0.0168"}),
        Wrong("fourth power of the limit must be", {_CLIP: "1 / (10 * 250 * 100 * 50)"}),
        Wrong("upside down", {_CLIP: "(10 * 250 * 100 * 50) ** (1 / 4)"}),
        Wrong("and one more limit", {_FACTOR: "50"}),
        Wrong("You have counted two", {_FACTOR: "0.001**2 * 50"}),
        Wrong("there are also more ways", {_FACTOR: "0.001"}),
        Wrong("Among hidden units", {_FACTOR: "0.001 * 50**0.5"}),
        Wrong("divided the old one", {_FACTOR: "1 / (0.001 * 50)"}),
    ],
    "4.2.2": [
        Wrong("add *variances*", {_ERROR: "(1 + 2 + 1) * sigma / h**2"}),
        Wrong("its variance counts four times", {_ERROR: "(1 + 2 + 1) ** 0.5 * sigma / h**2"}),
        Wrong("the middle error alone", {_ERROR: "2 * sigma / h**2"}),
        Wrong("has another weight", {_ERROR: "3**0.5 * sigma / h**2"}),
        Wrong("add up to 0", {_ERROR: "(1 - 2 + 1) * sigma / h**2"}),
        Wrong("Where is the root?", {_ERROR: "(1 + 4 + 1) * sigma / h**2"}),
        Wrong("This is the variance", {_ERROR: "6 * sigma**2 / h**4"}),
        Wrong("The root is still to be taken", {_ERROR: "(1 + 4 + 1) * sigma**2 / h**2"}),
        Wrong("The root is taken of both", {_ERROR: "((1 + 4 + 1) * sigma) ** 0.5 / h**2"}),
        Wrong("the *square* of the step", {"h**2": "h"}),
        Wrong("The step is missing", {" / h**2": ""}),
        Wrong("the error *larger*", {"/ h**2": "* h**2"}),
        Wrong("taken of that, too", {"h**2": "h**4"}),
    ],
    "4.2.3": [
        Wrong("Both signs are wrong", {_FORCES: _FORCES[1:]}),
        Wrong("friction has the wrong sign", {"velocity], dim": "-velocity], dim"}),
        Wrong("sign of `k` is wrong", {"[torch.sin(theta)": "[-torch.sin(theta)"}),
        Wrong("a spring, not a pendulum", {"torch.sin(theta)": "theta"}),
        Wrong("These are cosines", {"torch.sin(theta)": "torch.cos(theta)"}),
        Wrong("have changed places", {"torch.sin(theta), velocity]": "velocity, torch.sin(theta)]"}),
        Wrong(
            "a constant in your fit",
            {"velocity], dim": "velocity, torch.ones_like(theta)], dim", "squeeze(-1)": "squeeze(-1)[:, :2]"},
        ),
        Wrong(
            "a constant in your fit",
            "def fit_friction(theta, velocity, acceleration):\n"
            "    columns = [v - v.mean(1, keepdim=True) for v in (torch.sin(theta), velocity, acceleration)]\n"
            "    return -torch.linalg.lstsq(torch.stack(columns[:2], 2), columns[2][..., None]).solution[..., 0]",
        ),
        Wrong(
            "as if it were the only one",
            "def fit_friction(theta, velocity, acceleration):\n"
            "    pull = torch.sin(theta)\n"
            "    k = -(acceleration * pull).sum(1) / (pull**2).sum(1)\n"
            "    c = -(acceleration * velocity).sum(1) / (velocity**2).sum(1)\n"
            "    return torch.stack([k, c], dim=1)",
        ),
        Wrong(
            "the friction from what is left",
            "def fit_friction(theta, velocity, acceleration):\n"
            "    pull = torch.sin(theta)\n"
            "    k = -(acceleration * pull).sum(1) / (pull**2).sum(1)\n"
            "    rest = acceleration + k[:, None] * pull\n"
            "    return torch.stack([k, -(rest * velocity).sum(1) / (velocity**2).sum(1)], dim=1)",
        ),
        Wrong(
            "One law for all curves",
            "def fit_friction(theta, velocity, acceleration):\n"
            "    forces = -torch.stack([torch.sin(theta).flatten(), velocity.flatten()], dim=1)\n"
            "    both = torch.linalg.lstsq(forces, acceleration.flatten()[:, None]).solution[:, 0]\n"
            "    return both.repeat(len(theta), 1)",
        ),
        Wrong("Leave the signs as", {_SOLVED: _SOLVED + ".abs()"}),
        Wrong("An axis of length 1 is left over", {".squeeze(-1)": ""}),
        Wrong("This is `k` alone", {_SOLVED: _SOLVED + "[:, 0]"}),
        Wrong(
            "a pendulum without friction",
            "def fit_friction(theta, velocity, acceleration):\n"
            "    pull = torch.sin(theta)\n"
            "    return -(acceleration * pull).sum(1) / (pull**2).sum(1)",
        ),
        Wrong("One column for each curve", {_SOLVED: _SOLVED + ".T"}),
    ],
    "4.2.4": [
        Wrong("that row itself, at distance 0", {_GAPS: "torch.cdist(rows, rows)"}),
        Wrong(
            "from the *true* curves",
            "def apart(draws, real):\n"
            "    within = torch.cdist(real, real).fill_diagonal_(math.inf)\n"
            "    return torch.cdist(draws, real).amin(dim=1).median() / within.amin(dim=1).median()",
        ),
        Wrong(
            "second nearest of them",
            "def apart(draws, real):\n"
            "    gaps = [torch.cdist(x, real).sort(dim=1).values[:, 1].median() for x in (draws, real)]\n"
            "    return gaps[0] / gaps[1]",
        ),
        Wrong(
            "each with itself among them",
            "def apart(draws, real):\n    return torch.cdist(draws, draws).median() / torch.cdist(real, real).median()",
        ),
        Wrong(
            "the second *farthest* row",
            {_GAPS: "torch.cdist(rows, rows)", "amin(dim=1)": "topk(2, dim=1).values[:, 1]"},
        ),
        Wrong("would move the mean", {".median()": ".mean()"}),
        Wrong("The fraction is upside down", {"medians[0] / medians[1]": "medians[1] / medians[0]"}),
        Wrong("the *second* nearest", {_GAPS: "torch.cdist(rows, rows)", "amin(dim=1)": "sort(dim=1).values[:, 2]"}),
        Wrong(
            "distance to all others",
            {
                _GAPS: "torch.cdist(rows, rows)",
                _NEAREST: "gap_to.sort(dim=1).values[:, 1:].median()",
            },
        ),
        Wrong(
            "the mean distance to the others",
            {_GAPS: "torch.cdist(rows, rows)", "amin(dim=1)": "sum(dim=1).div(len(rows) - 1)"},
        ),
        Wrong("the farthest", {_GAPS: "torch.cdist(rows, rows)", "amin(dim=1)": "amax(dim=1)"}),
        Wrong("The closest pair", {_NEAREST: "gap_to.min()"}),
        Wrong("squared distances", {"(math.inf)": "(math.inf) ** 2"}),
        Wrong("not yet compared", {"medians[0] / medians[1]": "medians[0]"}),
    ],
    "4.2.5": [
        Wrong("More than twelve rows", {"range(12)": "range(20)"}),
        Wrong("More than twelve rows", "def basis(t):\n    return torch.eye(len(t))"),
        Wrong(
            "A row jumps",
            "def basis(t):\n    return torch.randn(12, len(t), generator=torch.Generator().manual_seed(0))",
        ),
        Wrong("A row jumps", "def basis(t):\n    return torch.repeat_interleave(torch.eye(10), len(t) // 10, dim=1)"),
        Wrong(
            "can bend sharply",
            "def basis(t):\n"
            "    places = torch.linspace(t[0], t[-1], 12)\n"
            "    return (1 - (t - places[:, None]).abs() / (places[1] - places[0])).clamp(min=0)",
        ),
        Wrong("can bend sharply", {_TWELVE: _ELEVEN + " + [(u - 0.1).abs()]"}),
        Wrong("can bend sharply", {_TWELVE: _ELEVEN + " + [u + 0.01 * (u - 0.1).abs()]"}),
        Wrong("A row jumps", {_TWELVE: _ELEVEN + " + [torch.randn(len(t))]"}),
        Wrong(
            "can bend sharply",
            "def basis(t):\n"
            "    places = torch.linspace(t[0], t[-1], 12)\n"
            "    return torch.exp(-0.5 * ((t - places[:, None]) / 0.1) ** 2)",
        ),
        Wrong("Near an end", {_TWELVE: _ELEVEN + " + [(u - 0.95).clamp(min=0)]"}),
        Wrong("Near an end", {_TWELVE: _ELEVEN + " + [(u > 0.9).float()]"}),
        Wrong("so much in size", "def basis(t):\n    return torch.stack([t**j for j in range(12)])"),
        Wrong("Some rows are sums of others", {"torch.cos(j *": "torch.cos(j // 2 *"}),
        Wrong(
            "All rows start at 0",
            "def basis(t):\n"
            "    u = (t - t[0]) / (t[-1] - t[0])\n"
            "    return torch.stack([torch.sin(j * math.pi * u / 2) for j in range(1, 13)])",
        ),
        Wrong(
            "ends where it began",
            "def basis(t):\n"
            "    w = 2 * math.pi / 5 * torch.arange(1, 6)[:, None] * t\n"
            "    return torch.cat([torch.ones(1, len(t)), torch.sin(w), torch.cos(w)])",
        ),
        Wrong("level at both ends", {"torch.acos(u.clamp(-1, 1))": "math.pi * (u + 1) / 2"}),
        Wrong(
            "level at both ends",
            "def basis(t):\n"
            "    n = torch.arange(len(t)) + 0.5\n"
            "    return torch.cos(math.pi * torch.arange(12)[:, None] * n / len(t))",
        ),
        Wrong(
            "in the half second at each end",
            "def basis(t):\n"
            "    w = 2 * math.pi / 5 * torch.arange(1, 6)[:, None] * t\n"
            "    return torch.cat([torch.ones(1, len(t)), t[None] / 5, torch.sin(w), torch.cos(w)])",
        ),
        Wrong(
            "in the half second at each end",
            "def basis(t):\n"
            "    bends = torch.eye(len(t)).double().diff(n=2, dim=0)\n"
            "    return torch.linalg.eigh(bends.T @ bends).eigenvectors[:, :12].T",
        ),
        Wrong("Fewer than twelve rows", {"range(12)": "range(7)"}),
        Wrong("even draw a straight line", {"torch.cos(j * torch.acos(u.clamp(-1, 1)))": "torch.cos((j + 9) * u + j)"}),
        Wrong(
            "their second differences jump",
            "def basis(t):\n"
            "    u = ((t - t[0]) / (t[-1] - t[0]))[:, None]\n"
            "    bumps = (u - torch.linspace(0, 1, 11)[1:-1]).clamp(min=0)\n"
            "    return torch.cat([u ** torch.arange(3), bumps**2], dim=1).T",
        ),
        Wrong(
            "Plot the worst one",
            "def basis(t):\n"
            "    places = torch.linspace(t[0], t[-1], 12)\n"
            "    return torch.exp(-0.5 * ((t - places[:, None]) / 0.25) ** 2)",
        ),
        Wrong("turn the table", "def basis(t):\n    return (2 * t[:, None] / t.max() - 1) ** torch.arange(12)"),
    ],
}
