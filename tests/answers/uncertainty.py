"""Answers to the exercises of *How sure is it? Noise, code and network*."""

from tests.answers.wrong import Wrong

RIGHT = {
    "2.3.1": [
        "honest = 18\nsilent = 9\nbiased = 25",
        "honest = 2 * 3**2\nsilent = torch.tensor(3.0) ** 2\nbiased = (4**2 + 3**2)",
        "def pays(bias, sigma):\n    return bias**2 + sigma**2 + 9.0\nhonest = pays(0, 3)\nsilent = pays(0, 0)\nbiased = pays(4, 0)",
    ],
    "2.3.2": [
        "def total_sigma(mu, logvar):\n"
        "    second = (mu**2 + logvar.exp()).mean(0)\n"
        "    return torch.sqrt(second - mu.mean(0) ** 2)",
        "def total_sigma(mu, logvar):\n"
        "    centre = sum(mu) / len(mu)\n"
        "    variance = sum(torch.exp(s / 2) ** 2 + (m - centre) ** 2 for m, s in zip(mu, logvar)) / len(mu)\n"
        "    return variance**0.5",
        "def total_sigma(mu, logvar):\n"
        "    import numpy as np\n"
        "    mu, logvar = mu.numpy(), logvar.numpy()\n"
        "    return np.hypot(mu.std(axis=0), np.sqrt(np.exp(logvar).mean(axis=0)))",
    ],
    "2.3.3": [
        "def reliability(x, mu, sigma, levels):\n"
        "    found = []\n"
        "    for level in levels:\n"
        "        z = norm.ppf(1 - (1 - level) / 2)\n"
        "        found.append(coverage(x, mu - z * sigma, mu + z * sigma))\n"
        "    return found",
        "def reliability(x, mu, sigma, levels):\n"
        "    p = norm.cdf(x, loc=mu, scale=sigma)\n"
        "    levels = levels.numpy()[:, None, None]\n"
        "    return ((p > (1 - levels) / 2) & (p < (1 + levels) / 2)).mean(axis=(1, 2))",
        "def reliability(x, mu, sigma, levels):\n"
        "    reach = 2**0.5 * torch.erfinv(levels)\n"
        "    distance = ((x - mu) / sigma).abs().flatten()\n"
        "    return (distance[:, None] <= reach).double().mean(0)",
    ],
    "2.3.4": [
        "def stretch_of(x, mu, sigma):\n    return torch.sqrt(torch.mean((x - mu) ** 2 / sigma**2))",
        "def stretch_of(x, mu, sigma):\n    z = (x - mu) / sigma\n    return z.norm() / z.numel() ** 0.5",
        "def stretch_of(x, mu, sigma):\n"
        "    z = ((x - mu) / sigma).flatten()\n"
        "    return (z.var(correction=0) + z.mean() ** 2) ** 0.5",
    ],
    "2.3.5": [
        "def split(group, fraction, seed):\n"
        "    import random\n"
        "    names = sorted(set(group.tolist()))\n"
        "    chosen = set(random.Random(seed).sample(names, int(fraction * len(names))))\n"
        "    return [g in chosen for g in group.tolist()]",
        "def split(group, fraction, seed):\n"
        "    names, place = group.unique(return_inverse=True)\n"
        "    rank = torch.rand(len(names), generator=torch.Generator().manual_seed(seed)).argsort().argsort()\n"
        "    return (rank < fraction * len(names))[place]",
        "def split(group, fraction, seed):\n"
        "    from sklearn.model_selection import GroupShuffleSplit\n"
        "    splitter = GroupShuffleSplit(1, train_size=fraction, random_state=seed)\n"
        "    rows, _ = next(splitter.split(group, groups=group))\n"
        "    train = torch.zeros(len(group), dtype=torch.bool)\n"
        "    train[rows] = True\n"
        "    return train",
        "def split(group, fraction, seed):\n"
        "    torch.manual_seed(seed)\n"
        "    names = group.unique()\n"
        "    test = names[torch.randperm(len(names))][round(fraction * len(names)) :]\n"
        "    return ~(group[:, None] == test).any(1)",
    ],
}

WRONG = {
    "2.3.1": [
        Wrong("squares add up", {"0**2 + 3**2 + noise": "6**2 + 0 * noise"}),
        Wrong("It pays for both", {"honest = 0**2 + 3**2 + noise_of_measurement": "honest = 3**2"}),
        Wrong("They seldom meet", {"honest = 0**2 + 3**2 + noise_of_measurement": "honest = 0"}),
        Wrong("the mean *square*", {"honest = 0**2 + 3**2 + noise_of_measurement": "honest = 18**0.5"}),
        Wrong("this is a standard deviation", {"honest = 0**2 + 3**2 + noise_of_measurement": "honest = 3 * 2**0.5"}),
        Wrong(
            "this is the mean distance",
            {"honest = 0**2 + 3**2 + noise_of_measurement": "honest = 36 / torch.pi"},
        ),
        Wrong("still misses it", {"silent = 0**2 + 0**2 + noise_of_measurement": "silent = 0"}),
        Wrong("The *square* is paid", {"silent = 0**2 + 0**2 + noise_of_measurement": "silent = 3"}),
        Wrong("comes on top", {"4**2 + 0**2 + noise_of_measurement": "4**2"}),
        Wrong("do not add before squaring", {"4**2 + 0**2 + noise_of_measurement": "(4 + 3) ** 2"}),
        Wrong("do not add like this", {"4**2 + 0**2 + noise_of_measurement": "4 + 3"}),
        Wrong("typical distance", {"4**2 + 0**2 + noise_of_measurement": "25**0.5"}),
        Wrong("no third term", {"4**2 + 0**2": "4**2 + 3**2"}),
    ],
    "2.3.2": [
        Wrong("measurement's doubt alone", {"(by_noise + by_code)": "by_noise"}),
        Wrong("code's doubt alone", {"(by_noise + by_code)": "by_code"}),
        Wrong("its root", {".sqrt()": ""}),
        Wrong("added standard deviations", {"(by_noise + by_code).sqrt()": "by_noise.sqrt() + by_code.sqrt()"}),
        Wrong("exponential of half", {"torch.exp(logvar)": "torch.exp(logvar / 2)"}),
        Wrong("squared the mean", {"torch.exp(logvar).mean(dim=0)": "torch.exp(0.5 * logvar).mean(dim=0) ** 2"}),
        Wrong("averaged the *logarithms*", {"torch.exp(logvar).mean(dim=0)": "torch.exp(logvar.mean(dim=0))"}),
        Wrong("less one", {", correction=0": ""}),
        Wrong("not their standard deviation", {"mu.var": "mu.std"}),
        Wrong("not their standard deviation. And the divisor", {"mu.var": "mu.std", ", correction=0": ""}),
        Wrong("variance of its own. And the divisor", {"(by_noise + by_code)": "by_code", ", correction=0": ""}),
        Wrong("its root. And the divisor", {".sqrt()": "", ", correction=0": ""}),
        Wrong(
            "at the end. And the divisor",
            {"(by_noise + by_code).sqrt()": "by_noise.sqrt() + by_code.sqrt()", ", correction=0": ""},
        ),
        Wrong(
            "here is the variance. And the divisor",
            {"torch.exp(logvar)": "torch.exp(logvar / 2)", ", correction=0": ""},
        ),
        Wrong(
            "averages *variances*. And the divisor",
            {"torch.exp(logvar).mean(dim=0)": "torch.exp(0.5 * logvar).mean(dim=0) ** 2", ", correction=0": ""},
        ),
        Wrong(
            "then the mean. And the divisor",
            {"torch.exp(logvar).mean(dim=0)": "torch.exp(logvar.mean(dim=0))", ", correction=0": ""},
        ),
        Wrong("Take its exponential. And the divisor", {"torch.exp(logvar)": "logvar", ", correction=0": ""}),
        Wrong("are *averaged*, not added", {".mean(dim=0)": ".sum(dim=0)"}),
        Wrong("becomes noisier. And the divisor", {".mean(dim=0)": ".sum(dim=0)", ", correction=0": ""}),
        Wrong("`logvar` itself", {"torch.exp(logvar)": "logvar"}),
    ],
    "2.3.3": [
        Wrong("beyond *each* end", {"(1 + levels) / 2": "levels"}),
        Wrong("An interval has two ends", {".abs()": ""}),
        Wrong("the *central* interval", {".abs()": "", "(1 + levels) / 2": "levels"}),
        Wrong("You forgot `sigma`", {" / sigma": ""}),
        Wrong("you squared it", {"/ sigma": "/ sigma**2"}),
        Wrong("you took its root", {"/ sigma": "/ sigma.sqrt()"}),
        Wrong("lies *outside*", {"distance <= z": "distance > z"}),
        Wrong("how many there are", {".float().mean()": ".sum()"}),
        Wrong("One number for each column", {".float().mean()": ".float().mean(dim=0)"}),
        Wrong("the level itself", {"torch.as_tensor(norm.ppf((1 + levels) / 2))": "levels"}),
    ],
    "2.3.4": [
        Wrong("factor for the *variance*", {".sqrt()": ""}),
        Wrong("mean *square*", {"(((x - mu) / sigma) ** 2).mean().sqrt()": "((x - mu).abs() / sigma).mean()"}),
        Wrong("one over the factor", {".sqrt()": ".rsqrt()"}),
        Wrong(
            "Error and sigma were averaged apart",
            {"(((x - mu) / sigma) ** 2).mean().sqrt()": "((x - mu) ** 2).mean().sqrt() / sigma.mean()"},
        ),
        Wrong(
            "variances were averaged apart",
            {"(((x - mu) / sigma) ** 2).mean().sqrt()": "(((x - mu) ** 2).mean() / (sigma**2).mean()).sqrt()"},
        ),
        Wrong("only once", {"(((x - mu) / sigma) ** 2)": "((x - mu) ** 2 / sigma)"}),
        Wrong("Square first", {"(((x - mu) / sigma) ** 2).mean().sqrt()": "((x - mu) / sigma).mean()"}),
        Wrong(
            "before it squares.", {"(((x - mu) / sigma) ** 2).mean().sqrt()": "((x - mu) / sigma).std(correction=0)"}
        ),
        Wrong("one less than their number", {"(((x - mu) / sigma) ** 2).mean().sqrt()": "((x - mu) / sigma).std()"}),
        Wrong("root of a *sum*", {".mean()": ".sum()"}),
        Wrong("does not appear", {" / sigma)": ")"}),
    ],
    "2.3.5": [
        Wrong(
            "You have split the points",
            "def split(group, fraction, seed):\n"
            "    return torch.rand(len(group), generator=torch.Generator().manual_seed(seed)) < fraction",
        ),
        Wrong(
            "You have split the points",
            "def split(group, fraction, seed):\n    return torch.arange(len(group)) < fraction * len(group)",
        ),
        Wrong(
            "goes through a pendulum",
            "def split(group, fraction, seed):\n"
            "    torch.manual_seed(seed)\n"
            "    names = group.unique()\n"
            "    place = torch.randperm(len(names))[torch.searchsorted(names, group)]\n"
            "    train = torch.zeros(len(group), dtype=torch.bool)\n"
            "    train[place.argsort()[: round(fraction * len(group))]] = True\n"
            "    return train",
        ),
        Wrong("nothing to test", {"pendulums[order[:n_train]]": "pendulums[order]"}),
        Wrong("The sides are exchanged", {"order[:n_train]": "order[n_train:]"}),
        Wrong("The share of pendulums is off", {"torch.isin(group, pendulums[order[:n_train]])": "group < n_train"}),
        Wrong("The share of pendulums is off", {"round(fraction * len(pendulums))": "round(fraction * 200)"}),
        Wrong("`fraction` changes nothing", {"round(fraction * len(pendulums))": "140"}),
        Wrong("`fraction` changes nothing", {"fraction *": "0.7 *"}),
        Wrong("out of bounds", {"randperm(len(pendulums)": "randperm(200"}),
        Wrong(
            "A coin for each pendulum",
            "def split(group, fraction, seed):\n"
            "    names, place = group.unique(return_inverse=True)\n"
            "    coin = torch.rand(len(names), generator=torch.Generator().manual_seed(seed))\n"
            "    return (coin < fraction)[place]",
        ),
        Wrong(
            "a share of the *points*",
            "def split(group, fraction, seed):\n"
            "    names, place, size = group.unique(return_inverse=True, return_counts=True)\n"
            "    order = torch.randperm(len(names), generator=torch.Generator().manual_seed(seed))\n"
            "    before = size[order].cumsum(0) < fraction * len(group)\n"
            "    return torch.isin(group, names[order[before]])",
        ),
        Wrong(
            "You drew points",
            "def split(group, fraction, seed):\n"
            "    order = torch.randperm(len(group), generator=torch.Generator().manual_seed(seed))\n"
            "    return torch.isin(group, group[order[: round(fraction * len(group))]])",
        ),
        Wrong("`True` and `False` are asked for", {"return torch.isin": "return group * torch.isin"}),
        Wrong(
            "`True` and `False` are asked for",
            {
                "return torch.isin(group, pendulums[order[:n_train]])": "return 2 * torch.isin(group, pendulums[order[:n_train]]) - 1"
            },
        ),
        Wrong("The same seed gives another split", {", generator=generator": ""}),
        Wrong("The seed changes nothing", {"pendulums[order[:n_train]]": "pendulums[:n_train]"}),
        Wrong("or hardly anything", {"pendulums[order[:n_train]]": "pendulums.roll(seed)[:n_train]"}),
        Wrong("The seed changes nothing", {"manual_seed(seed)": "manual_seed(0)"}),
    ],
}
