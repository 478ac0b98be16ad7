"""Answers to the exercises of *From residual networks to neural ODEs*."""

from tests.answers.wrong import Wrong

_TIED = "(64 * 32 + 32) + (32 * 64 + 64)"
_UNTIED = "12 * deep_tied"
_FACTOR = "12 / 48"
_STEP = "12 / (12 / 4)  # 12 evaluations are 3 steps"
_MOVE = "x = x + step * field(k * step, x)"
_FLOW = "torch.linalg.matrix_exp(left * A.T) @ c"
_BACKPROP = "64 * 100 * 4 * (3 + 50)"
_ENDS = "64 * 3 * 2"
_STOPS = "64 * 3 * 11"
_NFE = "2 * 100 * 4"
_LIFT = "torch.tensor([[np.log(2), -np.pi], [np.pi, np.log(2)]], dtype=torch.float32)"

RIGHT = {
    "6.1.1": [
        "deep_untied, deep_tied, deep_factor, deep_step = 50304, 4192, 1 / 4, 4.0",
        "block = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64))\n"
        "deep_tied = sum(p.numel() for p in block.parameters())\n"
        "deep_untied = sum(deep_tied for _ in range(12))\n"
        "deep_factor, deep_step = np.array([0.25]), torch.tensor(4)",
        "deep_tied = 64 * 32 * 2 + 96\n"
        "deep_untied = deep_tied * 12.0\n"
        "h = 1\n"
        "deep_factor = h * 12 / 48 / h\n"
        "deep_step = 4 * h",
    ],
    "6.1.2": [
        "def through_blocks(field, x, n, duration):\n"
        "    t = torch.linspace(0, duration, n + 1)\n"
        "    for start, end in zip(t[:-1], t[1:]):\n"
        "        x = x + (end - start) * field(start, x)\n"
        "    return x",
        "def through_blocks(field, x, n, duration):\n"
        "    times = torch.linspace(0, duration, n + 1)\n"
        "    return odeint(field, x, times, 'euler', step=2 * duration / n)[-1]",
        "def through_blocks(field, x, n, duration, done=0):\n"
        "    if done == n:\n"
        "        return x\n"
        "    return through_blocks(field, x + duration / n * field(duration * done / n, x), n, duration, done + 1)",
        "class Block(nn.Module):\n"
        "    def __init__(self, field, t, h):\n"
        "        super().__init__()\n"
        "        self.field, self.t, self.h = field, t, h\n"
        "    def forward(self, x):\n"
        "        return x + self.h * self.field(self.t, x)\n"
        "def through_blocks(field, x, n, duration):\n"
        "    h = duration / n\n"
        "    return nn.Sequential(*[Block(field, i * h, h) for i in range(n)])(x)",
        "from course_utils.ode import euler\n"
        "def through_blocks(field, x, n, duration):\n"
        "    t, h = torch.zeros(1), duration / n\n"
        "    while t < duration - h / 2:\n"
        "        x, t = euler(field, t, x, h), t + h\n"
        "    return x",
    ],
    "6.1.3": [
        "def adjoint_at(A, c, T, t):\n"
        "    return torch.stack([c @ torch.matrix_exp(A * (T - float(moment))) for moment in t])",
        "def adjoint_at(A, c, T, t):\n"
        "    rows = []\n"
        "    for moment in t:\n"
        "        x = torch.zeros(len(c), requires_grad=True)\n"
        "        (c @ torch.linalg.matrix_exp(A * (T - moment)) @ x).backward()\n"
        "        rows.append(x.grad)\n"
        "    return torch.stack(rows)",
        "import scipy.linalg\n"
        "def adjoint_at(A, c, T, t):\n"
        "    A, c, t = A.numpy(), c.numpy(), t.numpy()\n"
        "    return np.array([scipy.linalg.expm(A * (T - s)).T.dot(c) for s in t])",
        "def adjoint_at(A, c, T, t):\n"
        "    back, order = torch.unique(T - t, return_inverse=True)\n"
        "    times = torch.cat([torch.tensor([-1.0]), back])\n"
        "    start = torch.linalg.matrix_exp(-A.T) @ c\n"
        "    return odeint(lambda s, a: a @ A, start, times, rtol=1e-8, atol=1e-9)[1:][order]",
        "def adjoint_at(A, c, T, t):\n"
        "    term = c.expand(len(t), -1)\n"
        "    total = term\n"
        "    for k in range(1, 30):\n"
        "        term = (T - t)[:, None] * (term @ A) / k\n"
        "        total = total + term\n"
        "    return total",
    ],
    "6.1.4": [
        "saved_backprop, saved_adjoint, saved_stops, saved_nfe = 1356800, 384, 2112, 800",
        "batch, evaluations = 64, 100 * 4\n"
        "saved_backprop = batch * evaluations * 53.0\n"
        "states = torch.zeros(11, batch, 3)\n"
        "saved_adjoint, saved_stops = states[:2].numel(), states.numel()\n"
        "saved_nfe = torch.tensor(evaluations * 2)",
        "net = nn.Sequential(nn.Linear(3, 50), nn.Tanh(), nn.Linear(50, 3))\n"
        "seen = {}\n"
        "def pack(x):\n"
        "    if len(x.shape) == 2 and len(x) == 64:\n"
        "        seen[x.data_ptr()] = x.numel()\n"
        "    return x\n"
        "with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):\n"
        "    odeint(lambda t, x: net(x), torch.randn(64, 3), torch.tensor([0.0, 1.0]), 'rk4', step=0.1)\n"
        "saved_backprop = 10 * sum(seen.values())\n"
        "saved_adjoint = 3 * 64 + 3 * 64\n"
        "saved_stops = 5.5 * saved_adjoint\n"
        "saved_nfe = 400 + 400",
    ],
    "6.1.5": [
        "lift = [[0.693, 3.142], [-3.142, 0.693]]",
        "lift = np.array([[np.log(2), -np.pi / 10], [10 * np.pi, np.log(2)]])",
        "grows = np.log(2) * torch.eye(2)\nlift = grows + 3 * torch.pi * torch.tensor([[0.0, 1.0], [-1.0, 0.0]])",
        "growth, uneven = np.log(2), 1.5\nlift = [[growth + uneven, -1], [np.pi**2 + uneven**2, growth - uneven]]",
        "import scipy.linalg\nturn = np.array([[-2.0, -1e-9], [1e-9, -2.0]])\nlift = np.real(scipy.linalg.logm(turn))",
    ],
}

WRONG = {
    "6.1.1": [
        Wrong("this is one block", {_UNTIED: "deep_tied"}),
        Wrong("further, not as far", {_FACTOR: "48 / 12"}),
        Wrong("these are the weights of all layers", {_UNTIED: "12 * 2 * 64 * 32"}),
        Wrong("down to 32 numbers, has lost", {_UNTIED: "12 * (64 * 32 + 32 * 64 + 64)"}),
        Wrong("back up to 64 numbers, has lost", {_UNTIED: "12 * (64 * 32 + 32 + 32 * 64)"}),
        Wrong("half of a block, twelve times", {_UNTIED: "12 * (64 * 32 + 32)"}),
        Wrong("so they are counted once", "deep_tied = deep_untied = 12 * 4192\ndeep_factor, deep_step = 0.25, 4"),
        Wrong(
            "the weights of both layers, and no biases",
            "deep_untied, deep_tied, deep_factor, deep_step = 50304, 4096, 0.25, 4",
        ),
        Wrong(
            "do not share one block out", "deep_untied, deep_tied = 50304, 4192 / 12\ndeep_factor, deep_step = 0.25, 4"
        ),
        Wrong("unchanged, each block", {_FACTOR: "1"}),
        Wrong("as long as *one* of the old ones", {_FACTOR: "1 / 48"}),
        Wrong("one over the old number", {_FACTOR: "1 / 12"}),
        Wrong("a root has come in", {_FACTOR: "(12 / 48) ** 0.5"}),
        Wrong("Only one of the two layers", {_FACTOR: "(12 / 48) ** 2"}),
        Wrong("longer than the whole way", {_STEP: "48"}),
        Wrong("which ends at time 12", {_STEP: "4 * 4"}),
        Wrong("`deep_tied`: the first layer", "deep_untied, deep_tied, deep_factor, deep_step = 50304, 4160, 0.25, 4"),
        Wrong("`deep_tied`: the second layer", "deep_untied, deep_tied, deep_factor, deep_step = 50304, 4128, 0.25, 4"),
        Wrong(
            "this is half of a block. There", "deep_untied, deep_tied, deep_factor, deep_step = 50304, 2080, 0.25, 4"
        ),
        Wrong("one layer, and no biases", "deep_untied, deep_tied, deep_factor, deep_step = 50304, 2048, 0.25, 4"),
        Wrong("one layer of each block", {_UNTIED: "12 * 64 * 32"}),
        Wrong("how *many* steps there are", {_STEP: "12 / 4"}),
        Wrong("the whole depth is the unit", {_STEP: "1 / 3"}),
        Wrong("with this step there are twelve", {_STEP: "1"}),
        Wrong("this makes 48 steps", {_STEP: "1 / 4"}),
        Wrong("the whole way in one step", {_STEP: "12"}),
    ],
    "6.1.2": [
        Wrong("adds the whole rate", {_MOVE: "x = x + field(k, x)"}),
        Wrong("told the same time", {_MOVE: "x = x + step * field(0, x)"}),
        Wrong("adds the whole rate", {_MOVE: "x = x + field(k * step, x)"}),
        Wrong("whatever `duration` says", {"duration / n": "1 / n"}),
        Wrong("Every block makes the whole way", {_MOVE: "x = x + duration * field(k * step, x)"}),
        Wrong("upside down", {"duration / n": "n / duration"}),
        Wrong("rounds down", {"duration / n": "duration // n"}),
        Wrong("at which time does each block begin", {_MOVE: "x = x + step * field(None, x)"}),
        Wrong("are one too many", {"range(n)": "range(n + 1)"}),
        Wrong("One block is missing", {"range(n)": "range(n - 1)"}),
        Wrong("One block is missing", {"duration / n": "duration / (n - 1)"}),
        Wrong(
            "later times than",
            "def through_blocks(field, x, n, duration):\n"
            "    for t in torch.linspace(0, duration, n):\n"
            "        x = x + duration / n * field(t, x)\n"
            "    return x",
        ),
        Wrong("later times than", {"field(k * step": "field((k + 1) * step"}),
        Wrong("the number of the block", {"field(k * step": "field(k"}),
        Wrong("the share of the way", {"field(k * step": "field(k / n"}),
        Wrong(
            "told the same time",
            "def through_blocks(field, x, n, duration):\n"
            "    t = 0\n"
            "    for k in range(n):\n"
            "        x = x + duration / n * field(t, x)\n"
            "        t = duration / n\n"
            "    return x",
        ),
        Wrong("One block is missing", {"range(n)": "range(1, n)"}),
        Wrong("inside of the loop", {"    return x": "        return x"}),
        Wrong(
            "does not depend on `n`",
            "def through_blocks(field, x, n, duration):\n"
            "    return odeint(field, x, torch.tensor([0.0, duration]), 'euler', step=1)[-1]",
        ),
        Wrong(
            "a better solver",
            "def through_blocks(field, x, n, duration):\n"
            "    return odeint(field, x, torch.tensor([0.0, duration]), 'rk4', step=duration / n)[-1]",
        ),
        Wrong("keeps its input", {_MOVE: "x = step * field(k * step, x)"}),
        Wrong(
            "what the one before has made",
            "def through_blocks(field, x, n, duration):\n"
            "    step = duration / n\n"
            "    return x + sum(step * field(k * step, x) for k in range(n))",
        ),
        Wrong(
            "The last one is asked for",
            "def through_blocks(field, x, n, duration):\n"
            "    return odeint(field, x, torch.linspace(0, duration, n + 1), 'euler', step=duration / n)",
        ),
        Wrong(
            "the input as well",
            "def through_blocks(field, x, n, duration):\n"
            "    h, added = duration / n, torch.zeros_like(x)\n"
            "    for k in range(n):\n"
            "        added = added + h * field(k * h, x + added)\n"
            "    return added",
        ),
    ],
    "6.1.3": [
        Wrong("as a *state* is carried", {"A.T": "A"}),
        Wrong("holds `t` alone", {"(T - t)": "t"}),
        Wrong("holds `t` alone", {"(T - t)": "(-t)"}),
        Wrong("The sign in your exponent", {"(T - t)": "(t - T)"}),
        Wrong("same for all times", {"(T - t)": "(T + 0 * t)"}),
        Wrong("stands outside of the exponential", {_FLOW: "(T - t)[:, None] * (torch.linalg.matrix_exp(A.T) @ c)"}),
        Wrong("in the order of time", {"left =": "t = t.sort().values\n    left ="}),
        Wrong("its own exponential", {"torch.linalg.matrix_exp": "torch.exp"}),
        Wrong("one step of Euler", {_FLOW: "(torch.eye(len(A)) + left * A.T) @ c"}),
        Wrong(
            "Euler's steps were taken",
            "def adjoint_at(A, c, T, t):\n"
            "    a, h = c.expand(len(t), -1), (T - t)[:, None] / 1000\n"
            "    for _ in range(1000):\n"
            "        a = a + h * (a @ A)\n"
            "    return a",
        ),
        Wrong(
            "Euler's steps were taken",
            "def adjoint_at(A, c, T, t):\n"
            "    rows = []\n"
            "    for moment in t:\n"
            "        a = c\n"
            "        for _ in range(round(100 * (T - moment.item()))):\n"
            "            a = a + 0.01 * (a @ A)\n"
            "        rows.append(a)\n"
            "    return torch.stack(rows)",
        ),
        Wrong("number by number", {" @ c": " * c"}),
        Wrong("matrices that carry states", {" @ c": ""}),
        Wrong("lie in columns", {_FLOW: "(torch.linalg.matrix_exp(left * A.T) @ c).T"}),
        Wrong("how fast the adjoint changes", {_FLOW: "-torch.linalg.matrix_exp(left * A.T) @ (A.T @ c)"}),
    ],
    "6.1.4": [
        Wrong("one evaluation for each step", {_BACKPROP: "64 * 100 * (3 + 50)"}),
        Wrong("the way forward", {_NFE: "100 * 4"}),
        Wrong("this is for one state", {_BACKPROP: "100 * 4 * 53"}),
        Wrong("outputs of the tanh alone", {_BACKPROP: "64 * 400 * 50"}),
        Wrong("the states alone", {_BACKPROP: "64 * 400 * 3"}),
        Wrong("multiplied by constants", {"3 + 50": "3 + 50 + 3"}),
        Wrong("before *and* after", {"3 + 50": "3 + 50 + 50"}),
        Wrong("3 times 50 is the number of weights", {"3 + 50": "3 * 50"}),
        Wrong("this is one step", {_BACKPROP: "64 * 4 * 53"}),
        Wrong("`saved_backprop`: these are bytes", {_BACKPROP: "64 * 400 * 53 * 4"}),
        Wrong("There are two times", {_ENDS: "64 * 3"}),
        Wrong("`saved_adjoint`: this is for one example", {_ENDS: "3 * 2"}),
        Wrong("`saved_adjoint`: a state for every step", {_ENDS: "64 * 3 * 100"}),
        Wrong("before and after every step", {_ENDS: "64 * 3 * 101"}),
        Wrong("`saved_adjoint`: a graph of one", {_ENDS: "64 * 53"}),
        Wrong("two states, and a graph", {_ENDS: "64 * 53 + 64 * 6"}),
        Wrong("`saved_adjoint`: the adjoint is computed", {_ENDS: "64 * 3 * 2 * 2"}),
        Wrong("the adjoint at the end is known", {_ENDS: "64 * 3 * 3"}),
        Wrong("nothing at all", {_ENDS: "0"}),
        Wrong("`saved_adjoint`: these are bytes", {_ENDS: "64 * 3 * 2 * 4"}),
        Wrong("one time too few", {_STOPS: "64 * 3 * 10"}),
        Wrong("among the eleven already", {_STOPS: "64 * 3 * 13"}),
        Wrong("this is what two times need", {_STOPS: "saved_adjoint"}),
        Wrong("`saved_stops`: this is for one example", {_STOPS: "11 * 3"}),
        Wrong("these are the steps", {_NFE: "2 * 100"}),
        Wrong("come from one evaluation", {_NFE: "3 * 100 * 4"}),
        Wrong("holds two times already", {_STOPS: "11 * saved_adjoint"}),
        Wrong("takes the whole batch at once", {_NFE: "2 * 100 * 4 * 64"}),
        Wrong("share an evaluation", {_NFE: "100 * 4 + 3 * 100 * 4"}),
    ],
    "6.1.5": [
        Wrong("map a state at once", {_LIFT: "torch.tensor([[-2.0, 0.0], [0.0, 1.0]])"}),
        Wrong("but not stretched", {"np.log(2)": "0"}),
        Wrong("map a state at once", {_LIFT: "-2 * torch.eye(2)"}),
        Wrong("does not turn", {"[np.pi,": "[-np.pi,"}),
        Wrong("does not turn", {_LIFT: "torch.zeros(2, 2)"}),
        Wrong("does not turn", {_LIFT: "torch.tensor([[np.log(2), 0], [0, np.log(2)]])"}),
        Wrong("turn by 180", {"np.pi": "180"}),
        Wrong("The rates on your diagonal", {"np.log(2)]]": "0]]"}),
        Wrong("The rates on your diagonal", {"np.log(2)]]": "-np.log(2)]]"}),
        Wrong("it shrinks where", {"np.log(2)": "-np.log(2)"}),
        Wrong("by another factor than 2", {"np.log(2)": "2"}),
        Wrong("by another factor than 2", {"np.log(2)": "np.log(2) / 2"}),
        Wrong("whole turns, not half", {"np.pi": "2 * np.pi"}),
        Wrong("a quarter of a turn", {"np.pi": "np.pi / 2"}),
        Wrong("one radian", {"np.pi": "1"}),
        Wrong("has not made half a turn", {"np.pi": "2"}),
        Wrong("has not made half a turn", {"[np.pi,": "[1,"}),
        Wrong("two rows of two numbers", {_LIFT: "torch.tensor([np.log(2), np.pi])"}),
        Wrong("has no real logarithm", {"np.log(2)": "torch.tensor(-2.0).log()"}),
        Wrong("above 1000", {"np.pi": "1e4"}),
    ],
}
