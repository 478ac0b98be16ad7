"""Answers to the exercises of *The likelihood of a picture*."""

from tests.answers.wrong import Wrong

RIGHT = {
    "2.1.1": [
        "picture = 64\nextra = 3\nfree_numbers = 511",
        "picture = torch.tensor(64.0)\nextra = -np.log2(1 / 16) - 1\nfree_numbers = np.prod(9 * [2]) - 1",
        "picture = -math.log2(0.5**64)\nextra = 2 * 0.5 * math.log2(0.5 / (1 / 16))\nfree_numbers = len(range(1, 512))",
    ],
    "2.1.2": [
        "def kl_gaussians(mu_1, logvar_1, mu_2, logvar_2):\n"
        "    first = Normal(mu_1, torch.exp(logvar_1 / 2))\n"
        "    return kl_divergence(first, Normal(mu_2, torch.exp(logvar_2 / 2))).sum(-1)",
        "def kl_gaussians(mu_1, logvar_1, mu_2, logvar_2):\n"
        "    scaled = (mu_1 - mu_2) * torch.exp(-logvar_2 / 2)\n"
        "    return kl_standard_normal(scaled, logvar_1 - logvar_2)",
        "def kl_gaussians(mu_1, logvar_1, mu_2, logvar_2):\n"
        "    v1, v2 = logvar_1.exp(), logvar_2.exp()\n"
        "    each = torch.log(v2 / v1) / 2 + (v1 + (mu_1 - mu_2) ** 2) / (2 * v2) - 1 / 2\n"
        "    return sum(each.unbind(-1))",
        "def kl_gaussians(mu_1, logvar_1, mu_2, logvar_2):\n"
        "    squared = (mu_1 - mu_2).div(torch.exp(logvar_2 / 2)).square().sum(axis=-1)\n"
        "    more = (logvar_1 - logvar_2).expm1().sum(axis=-1) + logvar_2.sum(-1) - logvar_1.sum(-1)\n"
        "    return (squared + more) / 2",
        "def kl_gaussians(mu_1, logvar_1, mu_2, logvar_2):\n"
        "    m1, l1, m2, l2 = (t.numpy().astype(float) for t in (mu_1, logvar_1, mu_2, logvar_2))\n"
        "    trace, k = np.exp(l1 - l2).sum(-1), m1.shape[-1]\n"
        "    return ((m2 - m1) ** 2 / np.exp(l2)).sum(-1) / 2 + (trace - k + (l2 - l1).sum(-1)) / 2",
    ],
    "2.1.3": [
        "def log_mean(log_weight):\n"
        "    m = log_weight.max(dim=0).values\n"
        "    return m + torch.log(torch.mean(torch.exp(log_weight - m), dim=0))",
        "def log_mean(log_weight):\n    return (log_weight.logsumexp(0, keepdim=True) - np.log(log_weight.shape[0]))[0]",
        "def log_mean(log_weight):\n    return np.logaddexp.reduce(log_weight.numpy() - math.log(len(log_weight)))",
        "def log_mean(log_weight):\n"
        "    total = log_weight[0]\n"
        "    for row in log_weight[1:]:\n"
        "        total = torch.logaddexp(total, row)\n"
        "    return total - math.log(len(log_weight))",
    ],
    "2.1.4": [
        "def fit_forwards(z, log_weight):\n"
        "    w = torch.exp(log_weight - log_weight.max())\n"
        "    w = w / w.sum()\n"
        "    mu = w @ z\n"
        "    return mu, torch.log(w @ z**2 - mu**2)",
        "def fit_forwards(z, log_weight):\n"
        "    w = np.exp((log_weight - log_weight.logsumexp(0)).numpy())\n"
        "    cov = np.atleast_2d(np.cov(z.numpy().T, aweights=w, ddof=0))\n"
        "    return np.array([np.average(z.numpy(), axis=0, weights=w), np.log(np.diag(cov))])",
        "def fit_forwards(z, log_weight):\n"
        "    w = log_weight.softmax(-1)\n"
        "    mu = torch.einsum('n,nk->k', w, z)\n"
        "    return torch.stack([mu, 2 * torch.log(torch.einsum('n,nk->k', w, (z - mu).abs() ** 2).sqrt())])",
    ],
    "2.1.5": [
        "def propose(z):\n"
        "    step = 0.4 * torch.randn_like(z)\n"
        "    return torch.where(torch.rand_like(z) < 0.3, -z, z + step)",
        "def propose(z):\n    sign = 2 * torch.randint(0, 2, z.shape) - 1\n    return sign * z + torch.empty_like(z).uniform_(-0.4, 0.4)",
        "def propose(z):\n    return np.random.choice([-1, 1], z.shape) * (z.numpy() + np.random.normal(0, 0.2, z.shape))",
        "def propose(z):\n    return -z + torch.randn(len(z), 1) / 4",
        "def propose(z):\n    return torch.where(torch.rand_like(z) < 0.05, -z, z) + 0.3 * torch.randn_like(z)",
    ],
}

_IN_64_BITS = "log_mean(log_weight):\n    log_weight = log_weight.double()\n"


def _less(shift: str) -> str:
    """The logarithm of the mean after something was taken out."""
    return (
        "def log_mean(log_weight):\n"
        f"    m = {shift}\n"
        "    return m + torch.log(torch.mean(torch.exp(log_weight - m), dim=0))"
    )


WRONG = {
    "2.1.1": [
        Wrong("`picture`: these are nats", {"8 * 8": "8 * 8 * math.log(2)"}),
        Wrong("this is a probability", {"8 * 8": "0.5 ** 64"}),
        Wrong("the number of all pictures", {"8 * 8": "2.0 ** 64"}),
        Wrong("this is the cross-entropy", {" - math.log2(2)": ""}),
        Wrong("this is the entropy of the truth", {"math.log2(16) - math.log2(2)": "math.log2(2)"}),
        Wrong("never pays less than the truth", {"math.log2(16) - math.log2(2)": "math.log2(2) - math.log2(16)"}),
        Wrong("`extra`: these are nats", {"math.log2(16) - math.log2(2)": "math.log(16) - math.log(2)"}),
        Wrong("the ratio of the probabilities", {"math.log2(16) - math.log2(2)": "16 / 2"}),
        Wrong("that is the other direction", {"math.log2(16) - math.log2(2)": "math.inf"}),
        Wrong("the last one follows", {"2**9 - 1": "2**9"}),
        Wrong("one number for each pixel", {"2**9 - 1": "3 * 3"}),
        Wrong("How many combinations", {"2**9 - 1": "9**2 - 1"}),
    ],
    "2.1.2": [
        Wrong(
            "for the logarithm of sigma",
            {"torch.exp(-logvar_2)": "torch.exp(-2 * logvar_2)", "logvar_1 - logvar_2": "2 * (logvar_1 - logvar_2)"},
        ),
        Wrong(
            "you put in standard deviations",
            {"torch.exp(-logvar_2)": "torch.exp(-logvar_2 / 2)", "torch.exp(ratio)": "torch.exp(ratio / 2)"},
        ),
        Wrong(
            "the other direction",
            {"torch.exp(-logvar_2)": "torch.exp(-logvar_1)", "logvar_1 - logvar_2": "logvar_2 - logvar_1"},
        ),
        Wrong("a half is missing", {"0.5 * ": ""}),
        Wrong("not to the squared distance alone", {"0.5 * (squared": "(0.5 * squared"}),
        Wrong("not the mean", {".sum(-1)": ".mean(-1)"}),
        Wrong("For two equal Gaussians this is not 0", {"- ratio - 1": "- ratio"}),
        Wrong("The 1 is taken away once", {"- ratio - 1).sum(-1)": "- ratio).sum(-1) - 0.5"}),
        Wrong("the wrong sign", {"- ratio - 1": "+ ratio - 1"}),
        Wrong("has no unit", {" * torch.exp(-logvar_2)": ""}),
        Wrong("you took the first", {"torch.exp(-logvar_2)": "torch.exp(-logvar_1)"}),
        Wrong(
            "is no divergence between the two",
            "def kl_gaussians(mu_1, logvar_1, mu_2, logvar_2):\n"
            "    return kl_standard_normal(mu_1, logvar_1) - kl_standard_normal(mu_2, logvar_2)",
        ),
        Wrong("One number for everything", {".sum(-1)": ".sum()"}),
        Wrong("stands on its head", {"torch.exp(ratio) - ratio": "torch.exp(-ratio) + ratio"}),
        Wrong("One number for each dimension", {".sum(-1)": ""}),
        Wrong("the second is not the last", {".sum(-1)": ".sum(1)"}),
    ],
    "2.1.3": [
        Wrong(
            "the line to repair", "def log_mean(log_weight):\n    return log_weight.double().exp().mean(dim=0).log()"
        ),
        Wrong("the logarithm of the *sum*", {" - math.log(len(log_weight))": ""}),
        Wrong("the mean of the logarithms", "def log_mean(log_weight):\n    return log_weight.mean(0)"),
        Wrong("the largest weight alone", "def log_mean(log_weight):\n    return log_weight.max(0).values"),
        Wrong(
            "never put back",
            "def log_mean(log_weight):\n    return (log_weight - log_weight.amax(0)).exp().mean(0).log()",
        ),
        Wrong(
            "the wrong dimension",
            {"logsumexp(log_weight, 0)": "logsumexp(log_weight, 1)", "len(log_weight)": "log_weight.shape[1]"},
        ),
        Wrong("the number of pictures", {"len(log_weight)": "log_weight.shape[1]"}),
        Wrong("has the wrong sign", {"0) - math": "0) + math"}),
        Wrong("Here N itself", {" - math.log(len(log_weight))": " / len(log_weight)"}),
        Wrong(
            "One number for all",
            {"log_weight, 0": "log_weight, (0, 1)", "len(log_weight)": "log_weight.numel()"},
        ),
        Wrong("with a length of 1", {"log_weight, 0": "log_weight, 0, keepdim=True"}),
        Wrong("largest weight of *all*", _less("log_weight.max()")),
        *(
            Wrong("other than the largest", _less(shift))
            for shift in ("log_weight.mean(0)", "log_weight[0]", "log_weight.amin(0)", "log_weight.median(0).values")
        ),
        Wrong("other than the largest", _less("log_weight[0]").replace("log_mean(log_weight):\n", _IN_64_BITS)),
        Wrong("none of the usual", {"len(log_weight)": "3"}),
    ],
    "2.1.4": [
        Wrong(
            "All draws count the same here.",
            "def fit_forwards(z, log_weight):\n"
            "    mu = z.mean(0)\n"
            "    return torch.stack([mu, ((z - mu) ** 2).mean(0).log()])",
        ),
        Wrong(
            "and the divisor is N - 1",
            "def fit_forwards(z, log_weight):\n    return torch.stack([z.mean(0), z.var(0).log()])",
        ),
        Wrong(
            "0 / 0 is no number",
            {"torch.softmax(log_weight, 0)[:, None]": "(log_weight.exp() / log_weight.exp().sum())[:, None]"},
        ),
        Wrong("do not add up to 1", {"torch.softmax(log_weight, 0)": "torch.exp(log_weight)"}),
        Wrong("The second row is the variance", {".sum(0).log()": ".sum(0)"}),
        Wrong("is the standard deviation", {".sum(0).log()": ".sum(0).sqrt()"}),
        Wrong("the logarithm of sigma", {".sum(0).log()": ".sum(0).sqrt().log()"}),
        Wrong("the mean of the squares", {"(z - mu) ** 2": "z**2"}),
        Wrong("around the plain mean", {"(z - mu) ** 2": "(z - z.mean(0)) ** 2"}),
        Wrong("The variance forgets the weights", {"(weight * (z - mu) ** 2).sum(0)": "((z - mu) ** 2).mean(0)"}),
        Wrong("The variance is divided by N", {"** 2).sum(0)": "** 2).mean(0)"}),
        Wrong("Divided by N as well", {".sum(0)": ".mean(0)"}),
        *(
            Wrong(
                "other than the largest",
                {"torch.softmax(log_weight, 0)": f"(torch.exp({a} - {shift}) / torch.exp({a} - {shift}).sum())"},
            )
            for a in ("log_weight", "log_weight.double()")
            for shift in ("log_weight.mean()", "log_weight[0]", "log_weight.min()", "log_weight.median()")
        ),
        Wrong("Each of your weights is 1", {"log_weight, 0)[:, None]": "log_weight[:, None], 1)"}),
        Wrong("in the other order", {"[mu, logvar]": "[logvar, mu]"}),
    ],
    "2.1.5": [
        Wrong("Nothing moves", "def propose(z):\n    return z.clone()"),
        Wrong("has seen the left hump", "def propose(z):\n    return z + 0.1 * torch.randn_like(z)"),
        Wrong("has seen the left hump", "def propose(z):\n    return (z + 0.3 * torch.randn_like(z)).abs()"),
        Wrong("between a few angles", "def propose(z):\n    return -z"),
        Wrong("as probable as the way back", {"return mirrored": "return 0.4 + mirrored"}),
        Wrong(
            "as probable as the way back",
            "def propose(z):\n    return 1.4 * torch.randn_like(z).sign() + 0.4 * torch.randn_like(z)",
        ),
        *(
            Wrong("as probable as the way back", {"return mirrored": f"return {push} + mirrored"})
            for push in (0.05, 0.1, 0.2)
        ),
        Wrong(
            "A push in one direction",
            {"return mirrored + 0.3 * torch.randn_like(z)": "return 0.98 * mirrored + 0.3 * torch.randn_like(z)"},
        ),
        Wrong(
            "as probable as the way back",
            "def propose(z):\n    return torch.randn_like(z).sign() * z * torch.exp(0.2 * torch.randn_like(z))",
        ),
        Wrong("do not get around", {"0.3 *": "0.01 *"}),
        Wrong("do not get around", {"< 0.5": "< 0.002"}),
        Wrong("most proposals fall where", "def propose(z):\n    return z + 2.5 * torch.randn_like(z)"),
    ],
}
