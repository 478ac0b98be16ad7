"""Answers to the exercises of *The variational autoencoder*."""

from tests.answers.wrong import Wrong

DRAWN = "mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)"
TERMS = "kernel_mean(a, a) + kernel_mean(b, b) - 2 * kernel_mean(a, b)"
SHARES = "share = torch.softmax(log_weight, dim=0)"
EFFECTIVE = "1 / (share**2).sum(dim=0)"

RIGHT = {
    "2.2.1": [
        "sd, nats, nats_centred = 0.5, 4.818, 0.3181",
        "sd = torch.tensor([0.5])\nnats, nats_centred = 0.5 * (8.25 + math.log(4)), [0.5 * (math.log(4) - 0.75)]",
        "sd = 1 / 2\nnats = (9 + 1 / 4 + math.log(4) - 1) / 2\nnats_centred = nats - 4.5",
        "q = Normal(torch.tensor([3.0, 0.0]), 0.25**0.5)\n"
        "nats, nats_centred = kl_divergence(q, Normal(0.0, 1.0))\n"
        "sd = q.stddev[0]",
        "logvar = torch.tensor([-math.log(4)])\n"
        "sd = logvar.exp().sqrt().item()\n"
        "nats = kl_standard_normal(torch.tensor([3.0]), logvar)\n"
        "nats_centred = kl_standard_normal(torch.tensor([0.0]), logvar)",
    ],
    "2.2.2": [
        "def draw_code(mu, logvar):\n    return Normal(mu, logvar.exp().sqrt()).rsample()",
        "def draw_code(mu, logvar):\n    return torch.randn(mu.shape) * (logvar / 2).exp() + mu",
        "def draw_code(mu, logvar):\n"
        "    z = torch.empty(mu.shape).normal_()\n"
        "    return torch.addcmul(mu, z, torch.exp(logvar) ** 0.5)",
    ],
    "2.2.3": [
        "beta_half = 0.196\nbeta_sharp = 9.8\nsigma_squared = 0.098",
        "n = torch.tensor(784.0)\n"
        "beta_half, beta_sharp = (n * 0.00025 / (2 * torch.tensor([0.5, 0.01])))\n"
        "sigma_squared = n / 8000",
        "def beta(variance):\n    return 784 / (2 * variance) / 4000\n"
        "beta_half, beta_sharp = beta(1 / 2), beta(0.01)\n"
        "sigma_squared = beta(1)",
    ],
    "2.2.4": [
        "def mmd(a, b, h):\n"
        "    k = lambda u, v: torch.exp(-torch.cdist(u, v) ** 2 / 2 / h**2).mean()\n"
        "    return k(a, a) - 2 * k(a, b) + k(b, b)",
        "def mmd(a, b, h):\n"
        "    from sklearn.metrics.pairwise import rbf_kernel\n"
        "    k = lambda u, v: rbf_kernel(u, v, gamma=0.5 / h**2).mean()\n"
        "    return k(a, a) + k(b, b) - k(a, b) - k(b, a)",
        "def mmd(a, b, h):\n"
        "    both = torch.cat([a, b])\n"
        "    sign = torch.cat([torch.full((len(a),), 1 / len(a)), torch.full((len(b),), -1 / len(b))])\n"
        "    return sign @ torch.exp(-torch.cdist(both, both) ** 2 / (2 * h**2)) @ sign",
    ],
    "2.2.5": [
        "def effective_draws(log_weight):\n"
        "    w = torch.exp(log_weight - log_weight.amax(0))\n"
        "    return w.sum(0) ** 2 / (w**2).sum(0)",
        "def effective_draws(log_weight):\n"
        "    return torch.exp(2 * log_weight.logsumexp(0) - (2 * log_weight).logsumexp(0))",
        "def effective_draws(log_weight):\n"
        "    found = []\n"
        "    for column in log_weight.double().T:\n"
        "        w = (column - column.max()).exp()\n"
        "        found.append(float(w.sum()) ** 2 / float((w * w).sum()))\n"
        "    return found",
    ],
}

WRONG = {
    "2.2.1": [
        Wrong("`sd`: this is the variance", {"math.exp(0.5 * -math.log(4))": "math.exp(-math.log(4))"}),
        Wrong("the half is missing", "sd = 0.5\nnats = 9 + 0.25 + math.log(4) - 1\nnats_centred = 0.25 + math.log(4) - 1"),
        Wrong("the variance is below 1", {"0.5 * -math.log(4)": "0.5 * math.log(4)"}),
        Wrong("a logarithm still", {"sd = math.exp(0.5 * -math.log(4))": "sd = -0.5 * math.log(4)"}),
        Wrong("is *subtracted*", {"+ math.log(4)": "- math.log(4)"}),
        Wrong("not of the standard deviation", {"+ math.log(4)": "+ math.log(2)"}),
        Wrong("enters with its square", {"3**2": "3"}),
        Wrong("the variance enters the sum", {"(sd**2 +": "(sd +"}),
        Wrong("the 1 is missing", {" - 1)": ")"}),
        Wrong("charged too", {"nats = nats_centred + 0.5 * 3**2": "nats, nats_centred = nats_centred + 0.5 * 3**2, 0"}),
        Wrong("what is left without it", {"nats = nats_centred + 0.5 * 3**2": "nats, nats_centred = nats_centred + 4.5, 4.5"}),
    ],
    "2.2.2": [
        Wrong("No noise comes out", {" + torch.exp(0.5 * logvar) * torch.randn_like(mu)": ""}),
        Wrong("The half is missing", {"0.5 * logvar": "logvar"}),
        Wrong("The same noise comes twice", {"    return": "    torch.manual_seed(0)\n    return"}),
        Wrong("The same noise comes twice", {"torch.randn_like(mu)": "torch.randn(mu.shape[1])"}),
        Wrong("The same noise comes twice", {"torch.randn_like(mu)": "torch.randn(len(mu), 1)"}),
        Wrong("No noise comes out", {"torch.randn_like(mu)": "torch.randn(())"}),
        Wrong("No noise comes out", {" * torch.randn_like(mu)": ""}),
        Wrong(
            "The same noise comes twice",
            {"torch.randn_like(mu)": "torch.randn(len(mu) // 2, mu.shape[1]).repeat_interleave(2, 0)"},
        ),
        Wrong(
            "The same noise comes twice",
            {"torch.randn_like(mu)": "(torch.randn(len(mu), 1) + torch.randn_like(mu)) / 2**0.5"},
        ),
        Wrong("one to one", {"mu + torch": "2 * mu + torch"}),
        Wrong("The half is missing", {"0.5 * logvar": "logvar", "torch.randn_like": "1 * torch.randn_like"}),
        Wrong("not normal", {"torch.randn_like(mu)": "(torch.rand_like(mu) - 0.5) * 12**0.5"}),
        Wrong("not normal", {"torch.randn_like(mu)": "torch.distributions.Laplace(0.0, 0.5**0.5).sample(mu.shape)"}),
        Wrong("uniform from 0 to 1", {"torch.randn_like(mu)": "torch.rand_like(mu)"}),
        Wrong("gives a narrower one", {"0.5 * logvar": "-0.5 * logvar"}),
        Wrong("does not follow `logvar`", {"torch.exp(0.5 * logvar) * ": ""}),
        Wrong("is its exponential taken", {"torch.exp(0.5 * logvar)": "logvar"}),
        Wrong("no gradient reaches `mu`", {DRAWN: "torch.normal(mu, torch.exp(0.5 * logvar))"}),
        Wrong("no gradient reaches `mu`", {DRAWN: "Normal(mu, torch.exp(0.5 * logvar)).sample()"}),
        Wrong("no gradient reaches `logvar`", {"0.5 * logvar": "0.5 * logvar.detach()"}),
    ],
    "2.2.3": [
        Wrong("weight as it stands", {"beta_half = 0.00025 * 28**2": "beta_half = 0.00025"}),
        Wrong("*square* of sigma", {"(2 * 0.1**2)": "(2 * 0.1)"}),
        Wrong("the other way round", {"beta_half = 0.00025 * 28**2": "beta_half = 0.00025 / 28**2"}),
        Wrong("product of both", {"28**2": "28"}),
        Wrong("is divided by 1", {"beta_half = 0.00025 * 28**2": "beta_half = 0.00025 * 28**2 / 2"}),
        Wrong("*twice* the variance", {"beta_half = 0.00025 * 28**2": "beta_half = 0.00025 * 28**2 / (1 / 2)"}),
        Wrong("the 2 is missing", {"(2 * 0.1**2)": "0.1**2"}),
        Wrong("beta grows", {"/ (2 * 0.1**2)": "* (2 * 0.1**2)"}),
        Wrong("this is its root", {"sigma_squared = 0.00025 * 28**2 / 2": "sigma_squared = (0.00025 * 28**2 / 2) ** 0.5"}),
        Wrong("twice that", {"sigma_squared = 0.00025 * 28**2 / 2": "sigma_squared = 0.00025 * 28**2"}),
        Wrong("half of it, not twice", {"sigma_squared = 0.00025 * 28**2 / 2": "sigma_squared = 0.00025 * 28**2 * 2"}),
        Wrong("falls as the variance grows", {"sigma_squared = 0.00025 * 28**2 / 2": "sigma_squared = 2 / (0.00025 * 28**2)"}),
    ],
    "2.2.4": [
        Wrong("counts twice", {"- 2 * ": "- "}),
        Wrong("is subtracted", {"- 2 * ": "+ 2 * "}),
        Wrong("distance enters with its square", {"** 2).sum(-1)": "** 2).sum(-1).sqrt()"}),
        Wrong("width enters with its square", {"h**2": "h"}),
        Wrong("2 of the exponent", {"(2 * h**2)": "h**2"}),
        Wrong("Put the divisor in parentheses", {"(2 * h**2)": "2 * h**2"}),
        Wrong("exponent is negative", {"-squared": "squared"}),
        Wrong("You added up all pairs", {".mean()": ".sum()"}),
        Wrong("This is the root", {f"return {TERMS}": f"return ({TERMS}).sqrt()"}),
        Wrong(
            "a point with itself",
            "def mmd(a, b, h):\n"
            "    k = lambda u, v: torch.exp(-torch.cdist(u, v) ** 2 / (2 * h**2))\n"
            "    n, m = len(a), len(b)\n"
            "    aa = (k(a, a).sum() - n) / (n * (n - 1))\n"
            "    bb = (k(b, b).sum() - m) / (m * (m - 1))\n"
            "    return aa + bb - 2 * k(a, b).mean()",
        ),
        Wrong("distance of the two means", {TERMS: "(a.mean(0) - b.mean(0)).square().sum()"}),
    ],
    "2.2.5": [
        Wrong("0 / 0 is NaN", {SHARES: "w = log_weight.exp()\n    share = w / w.sum(dim=0)"}),
        Wrong("of *all* pictures", {SHARES: "w = torch.exp(log_weight - log_weight.max())\n    share = w / w.sum(dim=0)"}),
        Wrong("can still overflow", {SHARES: "w = torch.exp(log_weight - log_weight.mean(0))\n    share = w / w.sum(dim=0)"}),
        Wrong("You normalise over the pictures", {"dim=0": "dim=1"}),
        Wrong("add up over the pictures", {SHARES: "share = torch.softmax(log_weight, dim=1)"}),
        Wrong("sum of the squared shares", {EFFECTIVE: "(share**2).sum(dim=0)"}),
        Wrong("one over the largest share", {"(share**2).sum(dim=0)": "share.amax(dim=0)"}),
        Wrong("exponential of the entropy", {EFFECTIVE: "torch.exp(-(share * share.log()).sum(dim=0))"}),
        Wrong("a share of the draws", {EFFECTIVE: f"{EFFECTIVE} / len(log_weight)"}),
        Wrong("squared after adding up", {"(share**2).sum(dim=0)": "share.sum(dim=0) ** 2"}),
        Wrong("One number for all pictures", {"(log_weight, dim=0)": "(log_weight.flatten(), dim=0)"}),
        Wrong("weights of logarithms", {SHARES: "share = log_weight / log_weight.sum(dim=0)"}),
    ],
}  # fmt: skip
