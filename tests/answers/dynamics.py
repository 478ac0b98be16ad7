"""Answers to the exercises of *Learning dynamics*."""

from tests.answers.wrong import Wrong

_RATE = "(3 - 2 * tank_u) * 8 / 20"
_REST = "50 + 8 * 3 / 2"
_TIME = "20 / 2"
_LONGER = "tank_rate * 40 / 8"
_WHEN = "first + s * duration"
_WHERE = "mean + sd * u"
_INSIDE = "rates * duration / sd"
_ROWS = "starts[:, None] + every * torch.arange(length)"
_TABLE = "torch.cat([t[rows][..., None], x[rows]], dim=-1)"
_OPPOSITE = "(1 / 2) / 0.01"
_RADIUS = "(1 / 6) / 0.01"
_HALVED = "0.01 / 0.005"
_LATER = "np.log(2) / 0.1"
_LOST = "growth * prey - eaten"
_GAINED = "offspring * eaten - death * predators"
_THIRD = "return velocity"


def _tabled(times: str, states: str = "x[rows]") -> dict[str, str]:
    """The solution with other times, and perhaps other states, in its table."""
    return {_TABLE: f"torch.cat([{times}.expand({states}.shape[:2])[..., None], {states}], dim=-1)"}


RIGHT = {
    "6.2.1": [
        "tank_rate, tank_rest, tank_time, tank_longer = 2.8, 62.0, 10.0, 14",
        "field = lambda x, T: 8 / T * (3 - 2 * (x - 50) / 8)\n"
        "tank_rate = field(34, 20)\n"
        "tank_rest = 34 + tank_rate * 10\n"
        "tank_time = (tank_rest - 34) / tank_rate\n"
        "tank_longer = 40 * tank_rate / 8",
        "from scipy.optimize import brentq\n"
        "tank_rest = brentq(lambda x: 3 - 2 * (x - 50) / 8, 0, 100)\n"
        "tank_time = brentq(lambda t: np.exp(-2 * t / 20) - np.exp(-1), 0, 40)\n"
        "tank_rate = torch.tensor([2.8])\n"
        "tank_longer = 2 * (3 - 2 * (34 - 50) / 8)",
    ],
    "6.2.2": [
        "def field_inside(f, s, u, mean, sd, span):\n"
        "    duration = span[1] - span[0]\n"
        "    return duration * f(span[0] + duration * s, u * sd + mean) / sd",
        "def field_inside(f, s, u, mean, sd, span):\n"
        "    t = (1 - s) * span[0] + s * span[1]\n"
        "    scale = torch.diag(sd)\n"
        "    rate = f(t, u @ scale + mean)\n"
        "    return (rate @ torch.linalg.inv(scale)) * (max(span) - min(span))",
        "def field_inside(f, s, u, mean, sd, span):\n"
        "    rates = []\n"
        "    out = f(span[0] + s * (span[1] - span[0]), mean + sd * u)\n"
        "    for i in range(len(sd)):\n"
        "        rates.append(out[..., i] / sd[i] * (span[1] - span[0]))\n"
        "    return torch.stack(rates, -1)",
        "def field_inside(f, s, u, mean, sd, span):\n"
        "    x, short = (u * sd + mean).double(), 1e-3\n"
        "    later = x + short * (span[1] - span[0]) * f(np.interp(s, [0, 1], span), x)\n"
        "    return ((later - mean) / sd - u) / short",
    ],
    "6.2.3": [
        "def own_windows(t, x, starts, length, every):\n"
        "    table = torch.cat([t[:, None], x], 1)\n"
        "    return torch.stack([table[i : i + (length - 1) * every + 1 : every] for i in starts])",
        "def own_windows(t, x, starts, length, every):\n"
        "    all_of_it = np.column_stack([t, x])\n"
        "    return [[all_of_it[int(s) + every * k].tolist() for k in range(length)] for s in starts]",
        "def own_windows(t, x, starts, length, every):\n"
        "    table = torch.hstack([t.reshape(-1, 1), x])\n"
        "    long = table.unfold(0, every * (length - 1) + 1, 1)[:, :, ::every]\n"
        "    return long.transpose(1, 2)[starts]",
        "def own_windows(t, x, starts, length, every):\n"
        "    times = torch.stack([t[starts + every * i] for i in range(length)])\n"
        "    states = torch.stack([x[starts + every * i] for i in range(length)])\n"
        "    return torch.cat([times[:, :, None], states], 2).movedim(0, 1)",
    ],
    "6.2.4": [
        "drift_opposite, drift_radius, drift_halved, drift_later = 50, 16.67, 2, 6.931",
        "import math\n"
        "lead = 0.01 * 2 * math.pi\n"
        "drift_opposite = math.pi / lead\n"
        "drift_radius = 2 * math.asin(1 / 2) / lead\n"
        "drift_halved = lead / (0.005 * 2 * math.pi)\n"
        "drift_later = -math.log(0.5) / 0.1",
        "from scipy.optimize import brentq\n"
        "gap = lambda n: abs(np.exp(2j * np.pi * 1.01 * n) - np.exp(2j * np.pi * n))\n"
        "drift_radius = brentq(lambda n: gap(n) - 1, 0, 50)\n"
        "drift_opposite = np.array([3 * drift_radius])\n"
        "drift_halved = torch.tensor(2)\n"
        "drift_later = brentq(lambda t: np.exp(0.1 * t) - 2, 0, 100)",
    ],
    "6.2.5": [
        "def half_known(network, x, growth, death, offspring):\n"
        "    eaten = network(x).squeeze(1)\n"
        "    prey, predators = x.T\n"
        "    return torch.stack([growth * prey - eaten, offspring * eaten - death * predators], dim=-1)",
        "def half_known(network, x, growth, death, offspring):\n"
        "    known = x * torch.tensor([growth, -death])\n"
        "    return known + network(x) * torch.tensor([-1.0, offspring])",
        "def half_known(network, x, growth, death, offspring):\n"
        "    rates = torch.zeros_like(x)\n"
        "    rates[:, 0] = growth * x[:, 0] - network(x)[:, 0]\n"
        "    rates[:, 1] = -death * x[:, 1] + offspring * network(x)[:, 0]\n"
        "    return rates",
        "def half_known(network, x, growth, death, offspring):\n"
        "    return [[growth * a - m, offspring * m - death * b] for (a, b), (m,) in zip(x, network(x))]",
    ],
    "6.2.6": [
        "def third_state(t, x):\n    return torch.cos(2 * torch.pi * t / 6.3)",
        "def third_state(t, x):\n    return torch.cat([torch.zeros(20), x[:-20, 0]])",
        "def third_state(t, x):\n    return x[:, 0].roll(30)",
        "def third_state(t, x):\n    return torch.cumsum(x[:, 0], 0) * 0.05",
        "def third_state(t, x):\n    v = np.gradient(x.numpy(), t.numpy(), axis=0)\n    return v[:, 0] * 1e-3 + 7",
        "def third_state(t, x):\n    return np.unwrap(np.arctan2(*np.gradient(x.numpy(), axis=0).T[::-1]))",
        "def third_state(t, x):\n    return [0.0] + [(b - a).item() for a, b in zip(x[:-1, 0], x[1:, 0])]",
        "def third_state(t, x):\n    back = np.interp(t.numpy() - 1.5, t.numpy(), x[:, 0].numpy())\n    return back",
    ],
}

WRONG = {
    "6.2.1": [
        Wrong("the rate of the standardised state in", {_RATE: "3 - 2 * tank_u"}),
        Wrong("wrong side of the fraction line. One unit", {_RATE: "(3 - 2 * tank_u) * 8 * 20"}),
        Wrong("and the standard deviation is missing", {_RATE: "(3 - 2 * tank_u) * 20"}),
        Wrong("minutes and °C are both", {_RATE: "(3 - 2 * tank_u) * 20 / 8"}),
        Wrong("per unit of s, not per minute", {_RATE: "(3 - 2 * tank_u) * 8"}),
        Wrong("the standard deviation is missing: this", {_RATE: "(3 - 2 * tank_u) / 20"}),
        Wrong("`tank_rate`: the standard deviation is on", {_RATE: "(3 - 2 * tank_u) / 8 / 20"}),
        Wrong("the mean has been added to a rate", {_RATE: "50 + (3 - 2 * tank_u) * 8 / 20"}),
        Wrong("as for a temperature", {_RATE: "50 + (3 - 2 * tank_u) * 8"}),
        Wrong("and then divided by the minutes", {_RATE: "(50 + (3 - 2 * tank_u) * 8) / 20"}),
        Wrong("as it stands. It wants", {"(34 - 50) / 8": "34"}),
        Wrong("as it stands, and what", {_RATE: "3 - 2 * 34"}),
        Wrong("the distance from the mean in °C", {"(34 - 50) / 8": "34 - 50"}),
        Wrong("`tank_rate`: 34 °C lie *below*", {"(34 - 50) / 8": "(50 - 34) / 8"}),
        Wrong("not the part with u alone", {_RATE: "3 - 2 * tank_u * 8 / 20"}),
        Wrong("this is a standardised state", {_REST: "3 / 2"}),
        Wrong("how far the rest lies", {_REST: "8 * 3 / 2"}),
        Wrong("from the mean is not in °C yet", {_REST: "50 + 3 / 2"}),
        Wrong("above the mean or below", {_REST: "50 - 8 * 3 / 2"}),
        Wrong("rest is upside down", {_REST: "50 + 8 * 2 / 3"}),
        Wrong("the 3 is the rate at the mean", {_REST: "50 + 8 * 3"}),
        Wrong("where the field gives 1", {_REST: "50 + 8 * (3 - 1) / 2"}),
        Wrong("does not depend on how long the record", {_REST: "50 + 20 * 3 / 2"}),
        Wrong("The minutes have no part", {_REST: "50 + 8 * 3 / 2 / 20"}),
        Wrong("in units of s. How many", {_TIME: "1 / 2"}),
        Wrong("shrinks, per unit of s", {_TIME: "2"}),
        Wrong("this is a rate, per minute", {_TIME: "2 / 20"}),
        Wrong("In yours the later", {_TIME: "20 * 2"}),
        Wrong("no part in a time", {_TIME: "8 * 20 / 2"}),
        Wrong("Every distance shrinks", {_TIME: "20 / 2 / 8"}),
        Wrong("turned into °C per minute", {_TIME: "2 * 8 / 20"}),
        Wrong("until *half*", {_TIME: "20 * np.log(2) / 2"}),
        Wrong("What does the factor 2", {_TIME: "20"}),
        Wrong("it is the distance that is divided", {_TIME: "20 / np.e"}),
        Wrong("of the first question", {_REST: "34"}),
        Wrong("what the old field gives", {_LONGER: "3 - 2 * tank_u"}),
        Wrong("more or less in a unit of s", {_LONGER: "(3 - 2 * tank_u) / 2"}),
        Wrong("once, not squared", {_LONGER: "(3 - 2 * tank_u) * 2**2"}),
        Wrong("what the tank does in a minute", {_LONGER: "tank_rate"}),
        Wrong("half as many °C", {_LONGER: "tank_rate / 2"}),
        Wrong("twice as many °C", {_LONGER: "2 * tank_rate"}),
        Wrong("this is in °C. What", {_LONGER: "tank_rate * 40"}),
        Wrong("`tank_longer`: 34 °C lie *below*", {_LONGER: "2 * (3 - 2 * (50 - 34) / 8)"}),
    ],
    "6.2.2": [
        Wrong("nothing is converted", {_WHEN: "s", _WHERE: "u", _INSIDE: "rates"}),
        Wrong("both factors are upside down", {_INSIDE: "rates * sd / duration"}),
        Wrong(
            "This is the other direction",
            {_WHEN: "(s - first) / duration", _WHERE: "(u - mean) / sd", _INSIDE: "rates * sd / duration"},
        ),
        Wrong("This is the other direction", {_WHEN: "(s - first) / duration", _WHERE: "(u - mean) / sd"}),
        Wrong(
            "is standardised on its way into the physics. It is standardised already, and", {_WHERE: "(u - mean) / sd"}
        ),
        Wrong("from -1 to 1", {_WHEN: "(first + last) / 2 + s * duration / 2", _INSIDE: "rates * (duration / 2) / sd"}),
        Wrong("about 0 on average", {_WHERE: "u"}),
        Wrong("the mean is missing", {_WHERE: "sd * u"}),
        Wrong("the standard deviation is missing", {_WHERE: "mean + u"}),
        Wrong("in the opposite order", {_WHERE: "sd * (u + mean)"}),
        Wrong("between the mean and the deviation", {_WHERE: "sd * u - mean"}),
        Wrong("which runs from 0 to 1", {_WHEN: "s"}),
        Wrong("which runs from 0 to 1", {_WHEN: "s", _INSIDE: "rates / sd"}),
        Wrong("does not begin at 0", {_WHEN: "s * duration"}),
        Wrong("for the length of the record", {_WHEN: "first + s * last"}),
        Wrong("moves too slowly", {_WHEN: "first + s"}),
        Wrong("has passed at s = 1", {_WHEN: "s / duration"}),
        Wrong("has passed at s = 1", {_WHEN: "first + s / duration"}),
        Wrong("The time is standardised", {_WHEN: "(s - first) / duration"}),
        Wrong("per unit of time and in the units", {_INSIDE: "rates"}),
        Wrong("still in the units of the states", {_INSIDE: "rates * duration"}),
        Wrong("But per unit of the data's time", {_INSIDE: "rates / sd"}),
        Wrong("by *one* in u", {_INSIDE: "rates * sd * duration"}),
        Wrong("by *one* in u", {_INSIDE: "rates * sd"}),
        Wrong("larger where the record is long", {_INSIDE: "rates / sd / duration"}),
        Wrong("has no part in a rate", {_INSIDE: "(rates - mean) / sd * duration"}),
        Wrong("has no part in a rate", {_INSIDE: "(rates - mean) / sd"}),
        Wrong("multiplied by the last time", {_INSIDE: "rates * last / sd"}),
        Wrong("is negative in your rate", {_INSIDE: "rates * (first - last) / sd"}),
    ],
    "6.2.3": [
        Wrong("Where the times should be", _tabled("rows")),
        Wrong("as in the tutorial", _tabled("t[:length]")),
        Wrong("as in the tutorial", _tabled("t[: length * every : every]")),
        Wrong("as in the tutorial", _tabled("t[rows[0]]")),
        Wrong("the states of the first", _tabled("t[rows]", "x[rows - starts[:, None]]")),
        Wrong("begin at 0 in each", _tabled("(t[rows] - t[starts][:, None])")),
        Wrong("evenly spaced", _tabled("(t[starts, None] + every * (t[1] - t[0]) * torch.arange(length))")),
        Wrong("What is `every` for?", {"every * torch": "torch"}),
        Wrong("do not belong together", _tabled("t[rows]", "x[starts[:, None] + torch.arange(length)]")),
        Wrong("do not belong together", _tabled("t[starts[:, None] + torch.arange(length)]")),
        Wrong("`length` counts those *in*", {_ROWS: "starts[:, None] + torch.arange(0, length, every)"}),
        Wrong("one observation too few", {"arange(length)": "arange(length - 1)"}),
        Wrong("one observation too few", {"arange(length)": "arange(1, length)"}),
        Wrong("begin after their start", {"arange(length)": "arange(1, length + 1)"}),
        Wrong("begin after their start", {"starts[:, None]": "starts[:, None] + 1"}),
        Wrong("The starts are multiplied", {_ROWS: "every * (starts[:, None] + torch.arange(length))"}),
        Wrong("end at `starts`", {"+ every": "- every"}),
        Wrong("the axes have changed places", {_ROWS: "starts + every * torch.arange(length)[:, None]"}),
        Wrong("The windows are pooled", {_TABLE: f"{_TABLE}.flatten(0, 1)"}),
        Wrong("These are the states alone", {_TABLE: "x[rows]"}),
        Wrong("stands behind the states", {_TABLE: "torch.cat([x[rows], t[rows][..., None]], dim=-1)"}),
    ],
    "6.2.4": [
        Wrong("meets the truth again", {_OPPOSITE: "1 / 0.01"}),
        Wrong("where the *arc*", {_RADIUS: "1 / (2 * np.pi) / 0.01"}),
        Wrong("`drift_opposite`: after so many turns the model is a quarter", {_OPPOSITE: "(1 / 4) / 0.01"}),
        Wrong("`drift_opposite`: this is the lead itself. How", {_OPPOSITE: "1 / 2"}),
        Wrong("`drift_opposite`: this is the lead itself, in degrees", {_OPPOSITE: "180"}),
        Wrong("`drift_radius`: this is the lead itself, in degrees", {_RADIUS: "60"}),
        Wrong("belongs to a hundredth of that", {_OPPOSITE: "(1 / 2) / 0.0001"}),
        Wrong("`drift_opposite`: these are the turns of the model", {_OPPOSITE: "1.01 * (1 / 2) / 0.01"}),
        Wrong("a little too few", {_OPPOSITE: "(1 / 2) / 0.01 / 1.01"}),
        Wrong("rounded too far", {_RADIUS: "16.7"}),
        Wrong("half a turn was written in radians", {_OPPOSITE: "np.pi / 0.01"}),
        Wrong("one *radian* ahead", {_OPPOSITE: "1 / (2 * np.pi) / 0.01"}),
        Wrong("half-way to the opposite side", {_RADIUS: "(1 / 4) / 0.01"}),
        Wrong("what are its angles", {_RADIUS: "(1 / 3) / 0.01"}),
        Wrong("was it halved twice", {_RADIUS: "(1 / 12) / 0.01"}),
        Wrong("written in degrees", {_RADIUS: "60 / 0.01"}),
        Wrong("`drift_radius`: the lead was written in radians", {_RADIUS: "np.pi / 3 / 0.01"}),
        Wrong("`drift_radius`: this is the lead itself. How", {_RADIUS: "1 / 6"}),
        Wrong("`drift_radius`: these are the turns of the model", {_RADIUS: "1.01 / 6 / 0.01"}),
        Wrong("stays near for *longer*", {_HALVED: "0.005 / 0.01"}),
        Wrong("each of them once, not squared", {_HALVED: "(0.01 / 0.005) ** 2"}),
        Wrong("Where does a root come from", {_HALVED: "(0.01 / 0.005) ** 0.5"}),
        Wrong("Halve it: what does", {_HALVED: "1"}),
        Wrong("to make up for a half", {_LATER: "2"}),
        Wrong("by the factor e.", {_LATER: "1 / 0.1"}),
        Wrong("the factor e squared", {_LATER: "2 / 0.1"}),
        Wrong("is not an exponent that is", {_LATER: "0.5 / 0.1"}),
        Wrong("a slow growth buys", {_LATER: "0.1 * np.log(2)"}),
        Wrong("has the base 10", {_LATER: "np.log10(2) / 0.1"}),
        Wrong("the exponent, not the time", {_LATER: "np.log(2)"}),
        Wrong("should not be negative", {_LATER: "np.log(0.5) / 0.1"}),
    ],
    "6.2.5": [
        Wrong("Your prey gain", {_LOST: "growth * prey + eaten"}),
        Wrong("What is `offspring` for?", {_GAINED: "eaten - death * predators"}),
        Wrong("Where is the network?", {_LOST: "growth * prey", _GAINED: "-death * predators"}),
        Wrong("the network alone", {_LOST: "-eaten", _GAINED: "offspring * eaten"}),
        Wrong("changes the prey alone", {_GAINED: "-death * predators"}),
        Wrong("changes the predators alone", {_LOST: "growth * prey"}),
        Wrong("Your prey gain", {_LOST: "growth * prey + eaten", _GAINED: "eaten - death * predators"}),
        Wrong("Your predators lose", {_GAINED: "-offspring * eaten - death * predators"}),
        Wrong("what the *predators* make", {_LOST: "growth * prey - offspring * eaten"}),
        Wrong(
            "what the *predators* make",
            {_LOST: "growth * prey - offspring * eaten", _GAINED: "eaten - death * predators"},
        ),
        Wrong("what the *predators* make", {_LOST: "growth * prey - (1 - offspring) * eaten"}),
        Wrong("young without eating", {_GAINED: "offspring * predators - death * predators"}),
        Wrong("meals *divided*", {_GAINED: "eaten / offspring - death * predators"}),
        Wrong("The network is multiplied", {"network(x)": "network(x) * prey * predators"}),
        Wrong("The network is multiplied", {"network(x)": "network(x) * prey"}),
        Wrong("multiply without food", {"- death": "+ death"}),
        Wrong("die out where nobody", {"growth * prey": "-growth * prey"}),
        Wrong("Growth and death", {_LOST: "death * prey - eaten", _GAINED: "offspring * eaten - growth * predators"}),
        Wrong("rates per head", {"growth * prey": "growth", "death * predators": "death"}),
        Wrong("by its own number", {"growth * prey": "growth * predators", "death * predators": "death * prey"}),
        Wrong("deaths included", {_GAINED: "offspring * (eaten - death * predators)"}),
        Wrong("The two rates have changed places", {f"[{_LOST}, {_GAINED}]": f"[{_GAINED}, {_LOST}]"}),
        Wrong("A column and a row", {"x[:, :1], x[:, 1:]": "x[:, 0], x[:, 1]"}),
        Wrong("A column and a row", {"network(x)": "network(x)[:, 0]"}),
        Wrong("In the rate of the predators", {_GAINED: "offspring * predators - death * eaten"}),
        Wrong("not side by side", {"cat(rates, 1)": "stack(rates, 1)"}),
        Wrong("not side by side", {"cat(rates, 1)": "stack(rates)"}),
        Wrong("not side by side", {"cat(rates, 1)": "cat(rates)"}),
        Wrong("lies on its side", {", 1)": ", 1).T"}),
        Wrong("It stopped in line", {"network(x)": "network(prey)"}),
    ],
    "6.2.6": [
        Wrong("Between two neighbouring", {_THIRD: "return velocity.sign()"}),
        Wrong("In the next span", {_THIRD: "return t"}),
        Wrong("In the next span", {_THIRD: "return (t - t.mean()) / t.std()"}),
        Wrong("In the next span", {_THIRD: "return torch.cumsum(velocity.abs(), 0)"}),
        Wrong("In the next span", {_THIRD: "return velocity * torch.exp(-0.1 * t)"}),
        Wrong("Between two neighbouring", {_THIRD: "return t % 6.3"}),
        Wrong("Between two neighbouring", {_THIRD: "return torch.atan2(torch.gradient(x[:, 1])[0], velocity)"}),
        Wrong("Between two neighbouring", {_THIRD: "return torch.rand(len(t))"}),
        Wrong("Between two neighbouring", {_THIRD: "return x[:, 0].roll(-20)"}),
        Wrong("the same on both passes", {_THIRD: "return torch.gradient(x[:, 1], spacing=(t,))[0]"}),
        Wrong("the same on both passes", {_THIRD: "return torch.zeros(len(t))"}),
        Wrong("the same on both passes", {_THIRD: "return x[:, 0] * x[:, 1]"}),
        Wrong("the same on both passes", {_THIRD: "return velocity.hypot(torch.gradient(x[:, 1], spacing=(t,))[0])"}),
        Wrong("the same on both passes", {_THIRD: "return torch.sin(2 * torch.pi * t / 6.3)"}),
        Wrong("the same on both passes", {_THIRD: "return x[:, 1].roll(20)"}),
        Wrong("but hardly", {_THIRD: "return torch.cat([x[:1, 0], x[:-1, 0]])"}),
        Wrong("over several laps", {_THIRD: "return torch.cos(torch.pi * t / 6.3)"}),
        Wrong("over several laps", {_THIRD: "return torch.cat([torch.zeros(100), x[:-100, 0]])"}),
        Wrong("should have the shape", {_THIRD: "return torch.stack([velocity, velocity], dim=1)"}),
        Wrong("should have the shape", {_THIRD: "return velocity[1:]"}),
        Wrong("NaN", {_THIRD: "return velocity / velocity.relu()"}),
    ],
}
