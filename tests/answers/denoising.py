"""Answers to the exercises of *Denoising spectra*."""

from tests.answers.wrong import Wrong

RIGHT = {
    "1.2.1": [
        "def loudness(sigma, first):\n"
        "    variance = (sigma**2).nan_to_num(posinf=0)\n"
        "    return variance[:, :first].sum() / variance.sum()",
        "def loudness(sigma, first):\n"
        "    loud = [sum(s**2 for s in row[:n].tolist() if s < 1e9) for row in sigma for n in (first, None)]\n"
        "    return sum(loud[::2]) / sum(loud[1::2])",
        "def loudness(sigma, first):\n"
        "    variance = sigma.numpy() ** 2\n"
        "    variance[np.isinf(variance)] = 0\n"
        "    return np.mean(variance[:, :first]) * first / np.mean(variance) / sigma.shape[1]",
    ],
    "1.2.2": [
        "def combine(x, sigma):\n"
        "    weight = (sigma**-2) / (sigma**-2).sum(0)\n"
        "    return (weight * x).sum(0), (weight**2 * sigma.nan_to_num(posinf=0) ** 2).sum(0) ** 0.5",
        "def combine(x, sigma):\n"
        "    x, sigma = x.numpy(), sigma.numpy()\n"
        "    weight = sigma**-2.0\n"
        "    return np.stack([np.average(x, axis=0, weights=weight), weight.sum(0) ** -0.5])",
        "def combine(x, sigma):\n"
        "    flux, precision = torch.zeros(x.shape[1]), torch.zeros(x.shape[1])\n"
        "    for night, s in zip(x, sigma):\n"
        "        flux, precision = flux + night / s**2, precision + 1 / s**2\n"
        "    return [flux / precision, 1 / precision.sqrt()]",
    ],
    "1.2.3": [
        "n_nights = 100\nsnr = 50\nk_most = 2",
        "n_nights = torch.tensor(100)\nsnr = torch.tensor(2500.0).sqrt()\nk_most = 200 // 100",
        "n_nights = round(1 / 0.01)\nsnr = 5 / 0.01**0.5\nk_most = np.floor(0.01 * 200)",
    ],
    "1.2.4": [
        "def p_value(x, x_hat, weight, k):\n"
        "    n = (weight != 0).sum(1)\n"
        "    return 1 - chi2.cdf(n * chi_square(x, x_hat, weight), n - k)",
        "def p_value(x, x_hat, weight, k):\n"
        "    p = []\n"
        "    for r, w in zip(x - x_hat, weight):\n"
        "        r, w = r[w > 0], w[w > 0]\n"
        "        p.append(chi2(df=len(r) - k).sf((r * w.sqrt()).norm() ** 2))\n"
        "    return torch.tensor(p)",
        "def p_value(x, x_hat, weight, k):\n"
        "    total = torch.einsum('nd,nd,nd->n', weight, x - x_hat, x - x_hat)\n"
        "    return torch.special.gammaincc((weight.sign().sum(1) - k) / 2, total / 2)",
    ],
    "1.2.5": [
        "def score(residual, sigma):\n"
        "    from scipy.ndimage import gaussian_filter1d\n"
        "    return gaussian_filter1d((residual / sigma).numpy(), 6.6, axis=1).max(axis=1)",
        "def score(residual, sigma):\n"
        "    return nn.functional.avg_pool1d((residual / sigma)[:, None], 19, stride=1).flatten(1).max(1).values",
        "def score(residual, sigma):\n"
        "    at = torch.arange(200.0)\n"
        "    shapes = torch.exp(-(((at[:, None] - at) / 6.6) ** 2) / 2)\n"
        "    height = (residual / sigma**2) @ shapes.T\n"
        "    noise = (sigma**-2 @ (shapes**2).T).sqrt()\n"
        "    return (height / noise).topk(3).values.mean(1)",
        "def score(residual, sigma):\n"
        "    in_noise = (residual / sigma).numpy()\n"
        "    in_noise = in_noise / np.median(np.abs(in_noise), axis=1, keepdims=True)\n"
        "    window = np.exp(-((np.arange(-15, 16) / 6.6) ** 2) / 2)\n"
        "    return [np.convolve(row, window, mode='same').max() for row in in_noise]",
        "def score(residual, sigma):\n"
        "    return nn.functional.avg_pool1d((residual / sigma)[:, None], 41, stride=1).amax(dim=(1, 2))",
    ],
}

WRONG = {
    "1.2.1": [
        Wrong("Infinity is in your sums", {"torch.where(sigma.isinf(), 0, sigma**2)": "sigma**2"}),
        Wrong("Infinity times 0", {"torch.where(sigma.isinf(), 0, sigma**2)": "sigma**2 * ~sigma.isinf()"}),
        Wrong("square `sigma`", {"sigma**2": "sigma"}),
        Wrong("who is *quiet*", {"torch.where(sigma.isinf(), 0, sigma**2)": "1 / sigma**2"}),
        Wrong("A dead pixel counts 1", {"isinf(), 0,": "isinf(), 1,"}),
        Wrong("A dead pixel counts 1", {"torch.where(sigma.isinf(), 0, sigma**2)": "sigma.nan_to_num(posinf=1) ** 2"}),
        Wrong("dead in that spectrum only", {"sigma.isinf(), 0": "sigma.isinf().any(dim=0), 0"}),
    ],
    "1.2.2": [
        Wrong(
            "What cancels best",
            {"(weight * x).sum(dim=0) / weight.sum(dim=0)": "(x / sigma).sum(dim=0) / (1 / sigma).sum(dim=0)"},
        ),
        Wrong("in both places", {"1 / sigma**2": "1 / sigma"}),
        Wrong("take the root", {"weight.sum(dim=0).rsqrt()": "1 / weight.sum(dim=0)"}),
        Wrong("has to shrink", {".rsqrt()": ".sqrt()"}),
        Wrong("nights are not averaged", {"weight.sum(dim=0).rsqrt()": "weight.mean(dim=0).rsqrt()"}),
        Wrong("scatter of a few nights", {"weight.sum(dim=0).rsqrt()": "x.std(dim=0) / len(x) ** 0.5"}),
        Wrong("The plain mean takes a dead pixel", {"(weight * x).sum(dim=0) / weight.sum(dim=0)": "x.mean(dim=0)"}),
        Wrong(
            "left out what is dead",
            {"(weight * x).sum(dim=0) / weight.sum(dim=0)": "x.sum(dim=0) / sigma.isfinite().sum(dim=0)"},
        ),
        Wrong(
            "These are plain means",
            "def combine(x, sigma):\n    return torch.stack([x.mean(dim=0), sigma.mean(dim=0)])",
        ),
        Wrong("that of a plain mean", {"weight.sum(dim=0).rsqrt()": "(sigma**2).sum(dim=0).sqrt() / len(x)"}),
        Wrong("weighted *sum*", {" / weight.sum(dim=0)": ""}),
        Wrong("other order", {"[flux, uncertainty]": "[uncertainty, flux]"}),
    ],
    "1.2.3": [
        Wrong("falls with the root of their number", {"1 / 0.01": "1 / 0.01**0.5"}),
        Wrong("not over its square", {"1 / 0.01": "1 / 0.01**2"}),
        Wrong("falls with the *root*", {"n_nights**0.5": "n_nights"}),
        Wrong("has 5 already", {"5 * n_nights": "n_nights"}),
        Wrong("so this number grows", {"5 * n_nights**0.5": "5 / n_nights**0.5"}),
        Wrong("share k / 200", {"0.01 * 200": "0.01**0.5 * 200"}),
        Wrong("the share, or its inverse", {"0.01 * 200": "1 / 0.01"}),
        Wrong("that are left out", {"0.01 * 200": "200 - 0.01 * 200"}),
    ],
    "1.2.4": [
        Wrong("a *smaller* residual", {"chi2.sf": "chi2.cdf"}),
        Wrong("a *smaller* residual", {"chi2.sf(total, freedom)": "1 - chi2.sf(total, freedom)"}),
        Wrong("This is a density", {"chi2.sf": "chi2.pdf"}),
        Wrong("takes away a degree of freedom", {" - k": ""}),
        Wrong("counted dead pixels", {"(weight > 0).sum(dim=1) - k": "x.shape[1] - k"}),
        Wrong("counted all pixels", {"(weight > 0).sum(dim=1) - k": "x.shape[1]"}),
        Wrong("You gave it the mean", {"(weight * (x - x_hat) ** 2).sum(dim=1)": "chi_square(x, x_hat, weight)"}),
        Wrong("no unit of noise", {"(weight * (x - x_hat) ** 2)": "((weight > 0) * (x - x_hat) ** 2)"}),
        Wrong("not squared again", {"(weight * (x - x_hat) ** 2)": "((weight * (x - x_hat)) ** 2)"}),
        Wrong("taken *away*", {" - k": " + k"}),
        Wrong("One number for all spectra", {".sum(dim=1)": ".sum()"}),
    ],
    "1.2.5": [
        Wrong("A dead pixel moves your score", {"(residual / sigma)": "residual"}),
        Wrong(
            "A dead pixel moves your score",
            {"(residual / sigma)": "torch.where(sigma.isinf(), residual, residual / sigma)"},
        ),
        Wrong(
            "Another noise gives another score",
            {"(residual / sigma)": "torch.where(sigma.isinf(), 0, residual / sigma.nan_to_num(posinf=0).amax(0))"},
        ),
        Wrong("upside down", {"return nn": "return -nn"}),
        Wrong("chi-square again", "def score(residual, sigma):\n    return ((residual / sigma) ** 2).sum(dim=1)"),
        Wrong("chi-square again", "def score(residual, sigma):\n    return (residual / sigma).abs().mean(dim=1)"),
        Wrong("A dip counts as much", {"nn.functional.conv1d(in_noise": "nn.functional.conv1d(in_noise**2"}),
        Wrong("A dip counts as much", {".amax(dim=(1, 2))": ".abs().mean(dim=(1, 2))"}),
        Wrong("The noisy blue end", {"(residual / sigma)": "torch.where(sigma.isinf(), 0, residual)"}),
        Wrong("The quiet red end", {"(residual / sigma)": "(residual / sigma**2)"}),
        Wrong("One loud pixel", "def score(residual, sigma):\n    return (residual / sigma).amax(dim=1)"),
        Wrong("add up the whole spectrum", "def score(residual, sigma):\n    return (residual / sigma).sum(dim=1)"),
        Wrong("pixel by pixel", {"distance / 6.6": "distance / 1.5"}),
        Wrong(
            "pixel by pixel",
            "def score(residual, sigma):\n    return nn.functional.avg_pool1d((residual / sigma)[:, None], 40).amax(dim=(1, 2))",
        ),
        Wrong("holds NaN", {"(residual / sigma)": "(residual / sigma.nan_to_num(posinf=0))"}),
    ],
}
