"""Answers to the exercises of *Missing times*."""

from tests.answers.wrong import Wrong

_OWN = "16 * (1 + 1) * (1 + 0.25)"
_SHARED = "16 * (1 + 0.5) * (1 + 1.5)"
_UNION = "16 * (1 + 0.5) * (1 + 0.5) * (1 + 0.25)"
_DEARER = "(64 * 39) / 39"
_START, _GAP = "t[:, j, None]", "(t[:, j + 1] - t[:, j])[:, None]"
_MIDDLE = "middle = path[-1] + h / 2 * field(start, path[-1])"
_APPEND = "path.append(path[-1] + h * field(start + h / 2, middle))"
_STACKED = "torch.stack(path, dim=1)"
_PICKED = "states[torch.searchsorted(union, t), whose]"
_FED = "torch.cat([own_x[:, :-1], own_t.diff(dim=1)[..., None]], dim=-1)"
_STAMPS = "np.sort(min(stamps_tried, key=lambda s: stamps_alike(s).max()))"

RIGHT = {
    "6.3.1": [
        "row_own, row_shared, row_union, row_dearer = 40, 60, 45, 64",
        "def euler(times, x=16.0):\n"
        "    for h in np.diff(times):\n"
        "        x = x + h * x\n"
        "    return x\n"
        "row_own, row_shared = euler([0, 1, 1.25]), euler([0, 0.5, 2])\n"
        "row_union = euler([0, 0.5, 1, 1.25])\n"
        "row_dearer = (4 * 64 * 39) // (4 * 39)",
        "def last(times):\n"
        "    t = torch.tensor(times)\n"
        "    return odeint(lambda t, x: x, torch.tensor([16.0]), t, 'euler', step=9.0)\n"
        "row_own, row_shared = last([0, 1, 1.25])[-1], last([0, 0.5, 2.0])[2]\n"
        "row_union = last([0, 0.5, 1, 1.25, 2])[3]\n"
        "row_dearer = torch.tensor(64)",
    ],
    "6.3.2": [
        "def own_rollout(field, x0, t):\n"
        "    rows = []\n"
        "    for start, times in zip(x0, t):\n"
        "        x, row = start[None], [start]\n"
        "        for a, b in zip(times[:-1], times[1:]):\n"
        "            h = b - a\n"
        "            x = x + h * field(a + h / 2, x + h / 2 * field(a, x))\n"
        "            row.append(x[0])\n"
        "        rows.append(torch.stack(row))\n"
        "    return torch.stack(rows)",
        "from course_utils.ode import midpoint\n"
        "def own_rollout(field, x0, t):\n"
        "    x = torch.empty(*t.shape, x0.shape[1])\n"
        "    x[:, 0] = x0\n"
        "    for i, h in enumerate(t.diff().T.unsqueeze(-1)):\n"
        "        x[:, i + 1] = midpoint(field, t[:, i : i + 1], x[:, i], h)\n"
        "    return x",
        "def own_rollout(field, x0, t):\n"
        "    found, x, before = [], x0, None\n"
        "    for now in t.unbind(1):\n"
        "        now = now.unsqueeze(1)\n"
        "        if before is not None:\n"
        "            centre = (before + now) / 2\n"
        "            half = x + (centre - before) * field(before, x)\n"
        "            x = x + (now - before) * field(centre, half)\n"
        "        found.append(x.unsqueeze(1))\n"
        "        before = now\n"
        "    return torch.cat(found, 1)",
    ],
    "6.3.3": [
        "def own_states(solve, t):\n"
        "    union, place = torch.unique(t, return_inverse=True)\n"
        "    x = solve(union)\n"
        "    return torch.stack([x[place[i], i] for i in range(len(t))])",
        "def own_states(solve, t):\n"
        "    times = sorted({float(moment) for row in t for moment in row})\n"
        "    x = solve(torch.tensor(times))\n"
        "    return [[x[times.index(float(moment)), i].numpy() for moment in row] for i, row in enumerate(t)]",
        "def own_states(solve, t):\n"
        "    union = t.flatten().sort().values.unique_consecutive()\n"
        "    x = solve(union).swapaxes(0, 1)\n"
        "    place = (union < t[..., None]).sum(-1)\n"
        "    return x.gather(1, place[..., None].expand(-1, -1, x.shape[-1]))",
        "def own_states(solve, t):\n"
        "    union = torch.tensor(np.unique(t.numpy()))\n"
        "    x = solve(union)\n"
        "    hit = (union == t[..., None]).float()\n"
        "    return torch.einsum('ntm,mnd->ntd', hit, x)",
    ],
    "6.3.4": [
        "def gru_inputs(t, x, sigma):\n"
        "    rows = []\n"
        "    for one, noise in zip(x, sigma):\n"
        "        kept = (~torch.isinf(noise[:, 0])).nonzero()[:, 0]\n"
        "        gap = t[kept[1:]] - t[kept[:-1]]\n"
        "        rows.append(torch.column_stack([one[kept[:-1]], gap]))\n"
        "    return torch.stack(rows)",
        "def gru_inputs(t, x, sigma):\n"
        "    seen = (sigma < torch.inf).all(-1)\n"
        "    both = torch.cat([x, t[:, None].expand(len(x), -1, 1)], dim=-1)[seen].view(len(x), -1, x.shape[-1] + 1)\n"
        "    made = both[:, :-1].clone()\n"
        "    made[..., -1] = both[:, 1:, -1] - made[..., -1]\n"
        "    return made",
        "def gru_inputs(t, x, sigma):\n"
        "    missing = sigma.isinf()[..., 0].int()\n"
        "    k = int((1 - missing[0]).sum())\n"
        "    place = missing.argsort(dim=1, stable=True)[:, :k]\n"
        "    own = torch.take_along_dim(x, place[..., None], 1)\n"
        "    return np.concatenate([own[:, :-1].numpy(), np.diff(t.numpy()[place.numpy()])[..., None]], -1)",
    ],
    "6.3.5": [
        "def worst(t):\n"
        "    return np.abs(np.exp(2j * np.pi * np.linspace(0.15, 5, 1000)[:, None] * t).mean(1)).max()\n"
        "rng = np.random.default_rng(5)\n"
        "tried = [np.cumsum(rng.exponential(1, 12)) for _ in range(300)]\n"
        "twelve_stamps = min((10 * t / t[-1] for t in tried), key=worst)",
        "twelve_stamps = torch.tensor(np.geomspace(0.1, 10, 12)).flip(0)",
        "d = torch.linspace(0.15, 5, 1500)\n"
        "torch.manual_seed(3)\n"
        "sets = 10 * torch.rand(400, 12)\n"
        "phase = 2 * torch.pi * sets[:, None] * d[:, None]\n"
        "peak = torch.hypot(phase.cos().mean(-1), phase.sin().mean(-1)).amax(-1)\n"
        "twelve_stamps = list(sets[peak.argmin()])",
    ],
}

WRONG = {
    "6.3.1": [
        Wrong("these are steps of B along", {_OWN: _SHARED}),
        Wrong("The solver has never seen", {_SHARED: "row_own"}),
        Wrong("`row_own`: this is one step", {_OWN: "16 * (1 + 1.25)"}),
        Wrong("`row_own`: the second step is as long", {_OWN: "16 * (1 + 1) * (1 + 1.25)"}),
        Wrong("`row_own`: this is the exact", {_OWN: "16 * np.exp(1.25)"}),
        Wrong("more times than B has", {_OWN: "45"}),
        Wrong("only what was added", {_OWN: "24"}),
        Wrong("`row_shared`: this is one step", {_SHARED: "16 * (1 + 2)"}),
        Wrong("`row_shared`: a step is as long", {_SHARED: "16 * (1 + 0.5) * (1 + 2)"}),
        Wrong("does not stop where B", {_SHARED: "16 * (1 + 0.5) * (1 + 0.75)"}),
        Wrong("each stop is one more step", {_UNION: "40"}),
        Wrong("the end of the union", {_UNION: "45 * 1.75"}),
        Wrong("or the union with one step as long", {_UNION: "60"}),
        Wrong("or the union with one step as long", {_UNION: "16 * (1 + 0.5) * (1 + 1) * (1 + 0.25)"}),
        Wrong("`row_union`: each step is as long", {_UNION: "16 * (1 + 0.5) * (1 + 1) * (1 + 1.25)"}),
        Wrong("`row_union`: this is the exact", {_UNION: "16 * np.exp(1.25)"}),
        Wrong("`row_dearer`: as often", {_DEARER: "1"}),
        Wrong("the stretches of the union", {_DEARER: "64 * 39"}),
        Wrong("`row_dearer`: these are evaluations", {_DEARER: "4 * 64 * 39"}),
        Wrong("this is how many *more*", {_DEARER: "64 - 1"}),
        Wrong("counts times, the other", {_DEARER: "64 * 40 / 39"}),
        Wrong("you divide by the times", {_DEARER: "64 * 39 / 40"}),
        Wrong("`row_shared`: this is an exact", {_SHARED: "16 * np.exp(2)"}),
        Wrong("on both sides of the fraction line", {_DEARER: "39"}),
        Wrong("so they cancel", {_DEARER: "4 * 64"}),
        Wrong("this is the square", {_DEARER: "64**2"}),
    ],
    "6.3.2": [
        Wrong("the others run along its times", {_START: "t[0, j]", _GAP: "t[0, j + 1] - t[0, j]"}),
        Wrong("laid along the *coordinates*", {_GAP: "t[:, j + 1] - t[:, j]"}),
        Wrong("laid along the *coordinates*", {_GAP: "t[:, j + 1] - t[:, j]", _START: "t[:, j]"}),
        Wrong("the others run along its times", {_GAP: "t[0, j + 1] - t[0, j]"}),
        Wrong("a mean of their gaps", {_GAP: "(t[:, j + 1] - t[:, j]).mean()"}),
        Wrong("Look at their shape", {_START: "t[:, j]"}),
        Wrong("as long as the *time*", {_GAP: "t[:, j + 1, None]"}),
        Wrong("as long as the *time*", {_GAP: "t[:, j, None]"}),
        Wrong("the gap of the step before", {_GAP: "(t[:, j] - t[:, j - 1])[:, None]"}),
        Wrong("runs back in time", {_GAP: "(t[:, j] - t[:, j + 1])[:, None]"}),
        Wrong("This is Euler's method", {_APPEND: "path.append(path[-1] + h * field(start, path[-1]))"}),
        Wrong(
            "This is Heun's method",
            {
                _MIDDLE: "k = field(start, path[-1])",
                _APPEND: "path.append(path[-1] + h / 2 * (k + field(start + h, path[-1] + h * k)))",
            },
        ),
        Wrong(
            "with four slopes",
            "from course_utils.training import rollout\n"
            "def own_rollout(field, x0, t):\n"
            "    return rollout(field, x0, t)",
        ),
        Wrong("told the time at its beginning", {"field(start + h / 2, middle)": "field(start, middle)"}),
        Wrong("told the time at its end", {"field(start + h / 2, middle)": "field(start + h, middle)"}),
        Wrong("at the end of the step, not", {_MIDDLE: _MIDDLE.replace("h / 2", "h")}),
        Wrong("at the end of the step, not", {"h / 2": "h"}),
        Wrong("is not moved", {_MIDDLE: "middle = path[-1]"}),
        Wrong("Only half of the gap", {"path[-1] + h * field": "path[-1] + h / 2 * field"}),
        Wrong("without being multiplied by a gap", {_MIDDLE: "middle = path[-1] + field(start, path[-1]) / 2"}),
        Wrong("without being multiplied by a gap", {"path[-1] + h * field": "path[-1] + field"}),
        Wrong("and is forgotten then", {_APPEND: "path.append(middle + h / 2 * field(start + h / 2, middle))"}),
        Wrong("Already the first slope", {_START: "(t[:, j] + t[:, j + 1])[:, None] / 2", "start + h / 2": "start"}),
        Wrong("in equal steps", {_GAP: "(t[:, -1:] - t[:, :1]) / (t.shape[1] - 1)"}),
        Wrong("begins at 0 in every step", {_START: "0"}),
        Wrong(
            "Every step begins at the start",
            {_MIDDLE: _MIDDLE.replace("path[-1]", "path[0]"), "path[-1] + h *": "path[0] + h *"},
        ),
        Wrong("The start is missing", {_STACKED: "torch.stack(path[1:], dim=1)"}),
        Wrong("Times come first", {_STACKED: "torch.stack(path)"}),
        Wrong("Coordinates come before times", {_STACKED: "torch.stack(path, dim=-1)"}),
    ],
    "6.3.3": [
        Wrong("at the times of the first", {"t.unique()": "t[0]", _PICKED: "states.swapaxes(0, 1)"}),
        Wrong("those of one trajectory everywhere", {_PICKED: "states[torch.searchsorted(union, t), 0]"}),
        Wrong("takes one row of times", {"t.unique()": "t"}),
        Wrong("that increase all along", {"t.unique()": "t.flatten()"}),
        Wrong("that increase all along", {"t.unique()": "t.flatten().sort().values"}),
        Wrong(
            "called more than once",
            "def own_states(solve, t):\n    return torch.stack([solve(row)[:, i] for i, row in enumerate(t)])",
        ),
        Wrong(
            "evenly spaced times",
            {"t.unique()": "torch.linspace(0, t.max(), t.shape[1])", _PICKED: "states.transpose(0, 1)"},
        ),
        Wrong("you take its first rows", {_PICKED: "states[: t.shape[1]].swapaxes(0, 1)"}),
        Wrong("at all times of the union", {_PICKED: "states"}),
        Wrong("states of *all* trajectories", {", whose]": "]"}),
        Wrong("not in your union", {"t.unique()": "t[:, 1:].unique()"}),
        Wrong("of the next time in the union", {"(union, t)": "(union, t, right=True).clamp(max=len(union) - 1)"}),
        Wrong("or of the time before", {"(union, t)": "(union, t) - 1"}),
        Wrong("Times come first", {_PICKED: _PICKED + ".swapaxes(0, 1)"}),
    ],
    "6.3.4": [
        Wrong(
            "*since* the observation before",
            {_FED: "torch.cat([own_x, torch.cat([0 * own_t[:, :1], own_t.diff(dim=1)], 1)[..., None]], -1)"},
        ),
        Wrong(
            "*since* the observation before",
            {"own_t.diff(dim=1)": "own_t.diff(dim=1, prepend=0 * t[:1].expand(n, 1))[:, :-1]"},
        ),
        Wrong(
            "*since* the observation before",
            {_FED: "torch.cat([own_x, own_t.diff(dim=1, prepend=0 * own_t[:, :1])[..., None]], -1)"},
        ),
        Wrong(
            "those of the whole grid",
            {"own_t.diff(dim=1)": "torch.cat([t.diff(), t[:1]]).expand(n, T)[seen].reshape(n, -1)[:, :-1]"},
        ),
        Wrong("*since* the observation before", {"own_x[:, :-1]": "own_x[:, 1:]"}),
        Wrong("are among the inputs", {_FED: "torch.cat([x[:, :-1], t.diff().expand(n, -1)[..., None]], dim=-1)"}),
        Wrong("whose noise is infinite", {"isfinite": "isinf"}),
        Wrong("where the first one is", {"sigma[..., 0].isfinite()": "sigma[:1, :, 0].isfinite().expand(n, T)"}),
        Wrong("not a gap", {"own_t.diff(dim=1)": "own_t[:, :-1]"}),
        Wrong("not a gap", {"own_t.diff(dim=1)": "own_t[:, 1:]"}),
        Wrong("not a gap", {"own_t.diff(dim=1)": "(own_t[:, 1:] - own_t[:, :1])"}),
        Wrong("The gaps are negative", {"own_t.diff(dim=1)": "(own_t[:, :-1] - own_t[:, 1:])"}),
        Wrong(
            "The last observation is in it",
            {_FED: "torch.cat([own_x, torch.cat([own_t.diff(dim=1), 0 * own_t[:, :1]], 1)[..., None]], -1)"},
        ),
        Wrong("in front of the state", {_FED: "torch.cat([own_t.diff(dim=1)[..., None], own_x[:, :-1]], dim=-1)"}),
        Wrong("These are the observed states", {_FED: "own_x[:, :-1]"}),
        Wrong("The states are missing", {_FED: "own_t.diff(dim=1)[..., None]"}),
        Wrong("count rows of the grid", {"own_t = t": "own_t = torch.arange(float(T))"}),
    ],
    "6.3.5": [
        Wrong("Evenly spaced", {_STAMPS: "np.linspace(0, 10, 12)"}),
        Wrong("multiples of one spacing", {_STAMPS: "np.array([0, 0.5, 1.5, 2, 3.5, 4, 5.5, 6.5, 7, 8.5, 9, 10])"}),
        Wrong("Evenly spaced", {_STAMPS: "torch.arange(12) * 10 / 12"}),
        Wrong("multiples of one spacing", {_STAMPS: "np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10])"}),
        Wrong("within half of the time", {_STAMPS: "np.linspace(0, 4, 12)"}),
        Wrong("within half of the time", {_STAMPS: "np.sort(np.random.default_rng(0).uniform(0, 4, 12))"}),
        Wrong(
            "Nearly even",
            {_STAMPS: "np.array([0.1, 0.9, 1.9, 2.6, 3.7, 4.5, 5.4, 6.5, 7.2, 8.2, 9.0, 9.9])"},
        ),
        Wrong(
            "tell one thing twice",
            {_STAMPS: "np.array([0, 0, 1.13, 2.79, 2.79, 4.31, 5.93, 7.07, 7.07, 8.77, 9.71, 10])"},
        ),
        Wrong(
            "all over the 10 s", {_STAMPS: "np.array([0, 0.1, 0.23, 0.37, 0.52, 0.71, 0.93, 1.1, 1.37, 1.61, 1.9, 10])"}
        ),
        Wrong("No longer a regular grid", {_STAMPS: "10 * np.linspace(0, 1, 12) ** 2"}),
        Wrong("No longer a regular grid", {_STAMPS: "10 * np.sqrt(np.linspace(0, 1, 12))"}),
        Wrong("twelve numbers in a row", {_STAMPS: "np.linspace(0, 10, 10)"}),
        Wrong("should lie between 0 s", {_STAMPS: "np.arange(12)"}),
    ],
}
