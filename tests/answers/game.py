"""Answers to the exercises of *The game*."""

from tests.answers.wrong import Wrong

STEPPED = "critic_optimizer.step()"
SAME_ROUND = (
    "def play_round(generator, critic, x, z, critic_optimizer, generator_optimizer):\n"
    "    critic_optimizer.zero_grad()\n"
)

RIGHT = {
    "4.1.1": [
        "d_of_a, right_of_100, divergence = 0.6667, 75, 0.2812",
        "p, q = np.array([2, 1, 1, 0]) / 4, np.array([1, 1, 0, 2]) / 4\n"
        "D = p / (p + q)\n"
        "d_of_a = D[0]\n"
        "right_of_100 = 50 * np.maximum(p, q).sum()\n"
        "m = (p + q) / 2\n"
        "divergence = sum(s[s > 0] @ np.log(s[s > 0] / m[s > 0]) for s in (p, q)) / 2",
        "from scipy.spatial.distance import jensenshannon\n"
        "d_of_a = torch.tensor([2 / 3])\n"
        "right_of_100 = 100 - 25\n"
        "divergence = jensenshannon([0.5, 0.25, 0.25, 0], [0.25, 0.25, 0, 0.5]) ** 2",
        "d_of_a = sympy.Rational(2, 3)\n"
        "right_of_100 = 50 * sympy.Rational(3, 2)\n"
        "divergence = sympy.log(2) + (sympy.log(d_of_a) + sympy.log(1 - d_of_a) / 2 - sympy.log(2)) / 4",
    ],
    "4.1.2": [
        "slope_saturating, slope_non_saturating, times_steeper = -0.01, -0.99, 99",
        "logit = torch.tensor(math.log(0.01 / 0.99), requires_grad=True)\n"
        "(slope_saturating,) = torch.autograd.grad(saturating_loss(logit[None]), logit)\n"
        "(slope_non_saturating,) = torch.autograd.grad(non_saturating_loss(logit[None]), logit)\n"
        "times_steeper = slope_non_saturating / slope_saturating",
        "l, = sympy.symbols('l,')\n"
        "sigmoid = 1 / (1 + sympy.exp(-l))\n"
        "at = {l: sympy.log(sympy.Rational(1, 99))}\n"
        "slope_saturating = sympy.diff(sympy.log(1 - sigmoid), l).subs(at)\n"
        "slope_non_saturating = float(sympy.diff(-sympy.log(sigmoid), l).subs(at))\n"
        "times_steeper = 0.99 / 0.01",
    ],
    "4.1.3": [
        SAME_ROUND + "    with torch.no_grad():\n"
        "        fake = generator(z)\n"
        "    discriminator_loss(critic(x), critic(fake)).backward()\n"
        "    critic_optimizer.step()\n"
        "    generator_optimizer.zero_grad()\n"
        "    non_saturating_loss(critic(generator(z))).backward()\n"
        "    generator_optimizer.step()",
        SAME_ROUND + "    fake = generator(z)\n"
        "    discriminator_loss(critic(x), critic(fake)).backward()\n"
        "    critic_optimizer.step()\n"
        "    for weight in generator.parameters():\n"
        "        weight.grad = None  # what the critic has left there\n"
        "    non_saturating_loss(critic(generator(z))).backward()\n"
        "    generator_optimizer.step()",
        "def play_round(generator, critic, x, z, critic_optimizer, generator_optimizer):\n"
        "    update_critic(generator, critic, x, z, NON_SATURATING, critic_optimizer)\n"
        "    update_generator(generator, critic, z, NON_SATURATING, generator_optimizer)",
        "def play_round(generator, critic, x, z, critic_optimizer, generator_optimizer):\n"
        "    def follow(loss, model, optimizer):\n"
        "        weights = list(model.parameters())\n"
        "        for weight, slope in zip(weights, torch.autograd.grad(loss, weights)):\n"
        "            weight.grad = slope\n"
        "        optimizer.step()\n"
        "    follow(discriminator_loss(critic(x), critic(generator(z))), critic, critic_optimizer)\n"
        "    follow(non_saturating_loss(critic(generator(z))), generator, generator_optimizer)",
    ],
    "4.1.4": [
        "def excess_penalty(critic, x):\n"
        "    total = 0\n"
        "    for row in x:\n"
        "        row = row.clone()[None].requires_grad_()\n"
        "        slope = torch.autograd.grad(critic(row).sum(), row, create_graph=True)[0]\n"
        "        total = total + max(torch.zeros(()), slope.norm() - 1) ** 2\n"
        "    return total / len(x)",
        "def excess_penalty(critic, x):\n"
        "    slope = torch.func.vmap(torch.func.grad(lambda point: critic(point[None]).squeeze()))(x)\n"
        "    return nn.functional.relu(torch.linalg.norm(slope, dim=1) - 1).square().mean()",
        "def excess_penalty(critic, x):\n"
        "    x = x.detach().requires_grad_()\n"
        "    score = critic(x)\n"
        "    slope = torch.autograd.grad(score, x, torch.ones_like(score), create_graph=True)[0]\n"
        "    length = (slope**2).sum(1).sqrt()\n"
        "    return torch.where(length > 1, (length - 1) ** 2, torch.zeros_like(length)).mean()",
    ],
    "4.1.5": [
        "def unevenness(x, centres, radius):\n"
        "    distance = np.linalg.norm(x.numpy()[:, None] - centres.numpy(), axis=2)\n"
        "    good = distance.argmin(1)[distance.min(1) < radius]\n"
        "    shares = np.array([(good == j).mean() for j in range(len(centres))])\n"
        "    return np.abs(shares - 1 / len(centres)).sum() / 2",
        "def unevenness(x, centres, radius):\n"
        "    distance = torch.cdist(x, centres)\n"
        "    own = (distance == distance.amin(1, keepdim=True)) & (distance < radius)\n"
        "    counts = own.sum(0)\n"
        "    return (counts / counts.sum() - 1 / len(centres)).clamp(min=0).sum()",
        "def unevenness(x, centres, radius):\n"
        "    counts = np.zeros(len(centres))\n"
        "    for point in x:\n"
        "        distance = (point - centres).pow(2).sum(1).sqrt()\n"
        "        if distance.min() < radius:\n"
        "            counts[distance.argmin()] += 1\n"
        "    shares = counts / counts.sum()\n"
        "    return 1 - np.minimum(shares, 1 / len(centres)).sum()",
    ],
    "4.1.6": [
        "def revive(critic, x, fake):\n"
        "    for layer in critic:\n"
        "        if isinstance(layer, nn.Linear):\n"
        "            layer.reset_parameters()\n"
        "    optimizer = Adam(critic.parameters(), lr=3e-3)\n"
        "    for _ in range(120):\n"
        "        loss = critic(fake).mean() - critic(x).mean() + 5 * gradient_penalty(critic, x, fake)\n"
        "        optimizer.zero_grad()\n"
        "        loss.backward()\n"
        "        optimizer.step()\n"
        "    return critic",
        "def revive(critic, x, fake):\n    return lambda points: (points - fake.mean(0)).norm(dim=1, keepdim=True)",
        "def revive(critic, x, fake):\n"
        "    optimizer = Adam(critic.parameters(), lr=1e-2, betas=(0.5, 0.9))\n"
        "    for _ in range(130):\n"
        "        update_critic(nn.Identity(), critic, x, fake, WASSERSTEIN, optimizer, penalty=10)\n"
        "    return critic",
        "def revive(critic, x, fake):\n"
        "    new = Critic(2, (32, 32))\n"
        "    optimizer = Adam(new.parameters(), lr=1e-2)\n"
        "    for step in range(120):\n"
        "        t = torch.rand(512, 1)\n"
        "        rows = torch.randint(256, (2, 512))\n"
        "        at = (t * x[rows[0]] + (1 - t) * fake[rows[1]]).requires_grad_()\n"
        "        slope = torch.autograd.grad(new(at).sum(), at, create_graph=True)[0].norm(dim=1)\n"
        "        excess = torch.relu(slope - 1) ** 2\n"
        "        loss = new(fake).mean() - new(x).mean() + 10 * excess.mean()\n"
        "        optimizer.zero_grad()\n"
        "        loss.backward()\n"
        "        optimizer.step()\n"
        "    return new",
    ],
}

PENALTY = ", penalty=10.0"
CREATED = ", create_graph=True"

WRONG = {
    "4.1.1": [
        Wrong("the ratio of the two shares", {"(1 / 2) / (1 / 2 + 1 / 4)": "(1 / 2) / (1 / 4)"}),
        Wrong("the probability that it is forged", {"(1 / 2) / (1 / 2 + 1 / 4)": "(1 / 4) / (1 / 2 + 1 / 4)"}),
        Wrong("how often a real letter is an a", {"(1 / 2) / (1 / 2 + 1 / 4)": "1 / 2"}),
        Wrong("these are the wrong calls", "d_of_a, right_of_100, divergence = 2 / 3, 25, 0.2812"),
        Wrong("a coin for every letter", "d_of_a, right_of_100, divergence = 2 / 3, 50, 0.2812"),
        Wrong("with the probability D", "d_of_a, right_of_100, divergence = 2 / 3, 100 * 17 / 24, 0.2812"),
        Wrong("the value of the game", {"game_value / 2 + math.log(2)": "game_value"}),
        Wrong("the sum of the two terms", {"game_value / 2 + math.log(2)": "game_value + 2 * math.log(2)"}),
        Wrong("without the constant", {"game_value / 2 + math.log(2)": "game_value / 2"}),
        Wrong("this is a share", "d_of_a, right_of_100, divergence = 2 / 3, 0.75, 0.2812"),
        Wrong("Jensen-Shannon *distance*", {"game_value / 2 + math.log(2)": "(game_value / 2 + math.log(2)) ** 0.5"}),
        Wrong("these are bits", {"game_value / 2 + math.log(2)": "(game_value / 2 + math.log(2)) / math.log(2)"}),
    ],
    "4.1.2": [
        Wrong("Both slopes are those in D", {" * 0.01 * 0.99": ""}),
        Wrong("`slope_saturating`: this is the slope in D", {"(1 - 0.01) * 0.01 * 0.99": "(1 - 0.01)"}),
        Wrong("`slope_non_saturating`: this is the slope in D", {"-1 / 0.01 * 0.01 * 0.99": "-1 / 0.01"}),
        Wrong("`slope_saturating`: the sign", {"= -1 / (1 - 0.01)": "= 1 / (1 - 0.01)"}),
        Wrong("`slope_non_saturating`: the sign", {"= -1 / 0.01": "= 1 / 0.01"}),
        Wrong("the slope of the sigmoid", {"-1 / (1 - 0.01) * 0.01 * 0.99": "-0.01 * 0.99"}),
        Wrong("in the other order", "slope_saturating, slope_non_saturating, times_steeper = -0.99, -0.01, 99"),
        Wrong("Turn it over", {"slope_non_saturating / slope_saturating": "slope_saturating / slope_non_saturating"}),
        Wrong("nearly right", {"slope_non_saturating / slope_saturating": "1 / 0.01"}),
        Wrong("their ratio has none", {"slope_non_saturating / slope_saturating": "-0.99 / 0.01"}),
        Wrong("this is the difference", {"slope_non_saturating / slope_saturating": "0.99 - 0.01"}),
    ],
    "4.1.3": [
        Wrong(
            "This is the broken round",
            {
                "critic_optimizer.zero_grad()": "critic_optimizer.zero_grad()\n    generator_optimizer.zero_grad()",
                ".detach()": "",
                "\n    generator_optimizer.zero_grad()\n    non": "\n    non",
            },
        ),
        Wrong("Nobody has moved", SAME_ROUND + "    generator_optimizer.zero_grad()"),
        Wrong("The generator has not moved", {"critic(generator(z))": "critic(generator(z).detach())"}),
        Wrong("The generator has not moved", {"critic(generator(z))": "critic(made)"}),
        Wrong("The critic has not moved", {f"    {STEPPED}\n": ""}),
        Wrong("the loss that saturates", {"non_saturating_loss": "saturating_loss"}),
        Wrong(
            "the critic from *before* its step",
            "def play_round(generator, critic, x, z, critic_optimizer, generator_optimizer):\n"
            "    judge = copy.deepcopy(critic)\n"
            "    update_critic(generator, critic, x, z, NON_SATURATING, critic_optimizer)\n"
            "    update_generator(generator, judge, z, NON_SATURATING, generator_optimizer)",
        ),
        Wrong(
            "The generator moved first",
            "def play_round(generator, critic, x, z, critic_optimizer, generator_optimizer):\n"
            "    update_generator(generator, critic, z, NON_SATURATING, generator_optimizer)\n"
            "    update_critic(generator, critic, x, z, NON_SATURATING, critic_optimizer)",
        ),
        Wrong("Real and fake are swapped", {"critic(x), critic(made)": "critic(made), critic(x)"}),
        Wrong("Who clears them", {"    critic_optimizer.zero_grad()\n": ""}),
        Wrong(
            "Who clears them",
            {
                "    critic_optimizer.zero_grad()\n": "    generator_optimizer.zero_grad()\n",
                ".detach()": "",
                "\n    generator_optimizer.zero_grad()\n    non": "\n    non",
            },
        ),
        Wrong("gradient of its *last* round", {"    generator_optimizer.zero_grad()\n": ""}),
        Wrong("gradient of its *last* round", {"    generator_optimizer.zero_grad()\n": "", ".detach()": ""}),
        Wrong("Nothing is cleared", {f"    {who}_optimizer.zero_grad()\n": "" for who in ("critic", "generator")}),
        Wrong(
            "Nothing is cleared",
            {".detach()": "", **{f"    {who}_optimizer.zero_grad()\n": "" for who in ("critic", "generator")}},
        ),
        Wrong("something other than `z`", {"critic(generator(z))": "critic(generator(torch.randn_like(z)))"}),
        Wrong("something other than `z`", {"generator(z)": "generator(torch.randn(len(z), 2))"}),
    ],
    "4.1.4": [
        Wrong("no way leads from it back", {CREATED: ""}),
        Wrong("no way leads from it back", {"(excess**2).mean()": "(excess**2).mean().detach()"}),
        Wrong("below 1", {"torch.clamp(slopes.norm(dim=1) - 1, min=0)": "slopes.norm(dim=1) - 1"}),
        Wrong("one length of the whole table", {"norm(dim=1)": "norm()"}),
        Wrong("A slope is a row", {"norm(dim=1)": "norm(dim=0)"}),
        Wrong("what exceeds 1", {"norm(dim=1) - 1": "norm(dim=1)"}),
        Wrong("The excess is not squared yet", {"excess**2": "excess"}),
        Wrong(
            "and nothing is squared yet",
            {"torch.clamp(slopes.norm(dim=1) - 1, min=0)": "(slopes.norm(dim=1) - 1).abs()", "excess**2": "excess"},
        ),
        Wrong("charged at least 1", {"min=0": "min=1"}),
        Wrong("charged at least 1", {"slopes.norm(dim=1) - 1, min=0": "slopes.norm(dim=1), min=1"}),
        Wrong("no slope is in it", "def excess_penalty(critic, x):\n    return 0"),
        Wrong("no slope is in it", "def excess_penalty(critic, x):\n    return torch.ones(())"),
        Wrong("no slope is in it", "def excess_penalty(critic, x):\n    return torch.zeros((), requires_grad=True)"),
        Wrong("the sum over the points", {"(excess**2).mean()": "(excess**2).sum()"}),
        Wrong("too *small*", {"slopes.norm(dim=1) - 1": "1 - slopes.norm(dim=1)"}),
        Wrong("its square with 1", {"slopes.norm(dim=1)": "slopes.pow(2).sum(dim=1)"}),
        Wrong("each partial derivative by itself", {"slopes.norm(dim=1)": "slopes.abs()"}),
        Wrong("hide behind flat ones", {"slopes.norm(dim=1)": "slopes.norm(dim=1).mean()"}),
        Wrong("gradient of the *mean* score", {"places_asked).sum()": "places_asked).mean()"}),
    ],
    "4.1.5": [
        Wrong("The half is missing: what", {"0.5 * (shares": "(shares"}),
        Wrong("near no centre", {"[nearest_found.values < radius]": ""}),
        Wrong("the number of *all* draws", {"/ len(good)": "/ len(x)"}),
        Wrong(
            "dropped out of your counts",
            {", minlength=len(centres)": "", "1 / len(centres)": "1 / len(shares)"},
        ),
        Wrong("dropped out of your counts", {", minlength=len(centres)": ""}),
        Wrong(
            "dropped out of your counts",
            {"torch.bincount(good, minlength=len(centres))": "good.unique(return_counts=True)[1]"},
        ),
        Wrong(
            "dropped out of your counts",
            {
                "torch.bincount(good, minlength=len(centres))": "good.unique(return_counts=True)[1]",
                "1 / len(centres)": "1 / len(shares)",
            },
        ),
        Wrong("These are squares. Asked", {".abs()": ".square()"}),
        Wrong("These are squares, and", {".abs()": ".pow(2)", "0.5 * (shares": "(shares"}),
        Wrong("the mean over the centres", {"0.5 * (shares": "(shares", ".sum()": ".mean()"}),
    ],
    "4.1.6": [
        Wrong("It is still dead", "def revive(critic, x, fake):\n    return critic"),
        Wrong("It is still dead", {"    return revived": "    clip_weights(revived, 1e-3)\n    return revived"}),
        Wrong("It is still dead", "def revive(critic, x, fake):\n    return lambda points: 0 * points[:, :1]"),
        Wrong("It is still dead", {"Critic(2)": "critic", "range(60)": "range(3)"}),
        Wrong("It is still dead", {"Critic(2)": "critic", "1e-2": "1e-5"}),
        Wrong(
            "The same critic comes for both pairs",
            "def revive(critic, x, fake):\n    return lambda points: 0.9 * points.norm(dim=1, keepdim=True)",
        ),
        Wrong("real and fake are swapped", {"x, fake, WASS": "fake, x, WASS"}),
        Wrong("twice the scores would be twice the gap", {PENALTY: ""}),
        Wrong("A stronger penalty holds it better", {"10.0": "0.1"}),
        Wrong("too little of the distance", {"1e-2": "1e-3", "range(60)": "range(10)"}),
        Wrong("too little of the distance", {"1e-2": "2e-5", "range(60)": "range(30)"}),
    ],
}
