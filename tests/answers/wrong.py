"""Typical wrong answers to every exercise, each with words of the hint that it must get.

An answer is wrong by what is replaced in the solution, or it is written out.
"""

from __future__ import annotations

from typing import NamedTuple


class Wrong(NamedTuple):
    hint: str
    changes: dict[str, str] | str

    def source(self, solution: str) -> str:
        if isinstance(self.changes, str):
            return self.changes
        for old, new in self.changes.items():
            assert old in solution, f"{old!r} is not in the solution any more"
            solution = solution.replace(old, new)
        return solution


TIED = "self.encoder(x)\n        return z @ self.encoder.weight"

WRONG = {
    "1.1.1": [
        Wrong("all pictures together", {"((x - mean) ** 2).sum(dim=1)": "((x - mean) ** 2).sum()"}),
        Wrong("deviation per pixel", {"(x - mean) ** 2).sum(dim=1)": "(x - mean) ** 2).mean(dim=1)"}),
        Wrong("mean of its own pixels", {"(x - mean)": "(x - x.mean(dim=1, keepdim=True))"}),
        Wrong("subtract `mean` first", {"(x - mean) ** 2": "x**2"}),
        Wrong("Square the deviation", {"((x - mean) ** 2)": "(x - mean)"}),
        Wrong("share that is explained", {"return lost": "return 1 - lost"}),
        Wrong("One number for all", {"return lost / ((x - mean) ** 2).sum(dim=1)": "return unexplained_variance(x, x_hat, mean)"}),
        Wrong("not `x_hat`", {"(x - mean)": "(x_hat - mean)"}),
        Wrong("These are distances", {"lost / ((x - mean) ** 2).sum(dim=1)": "lost.sqrt() / (x - mean).norm(dim=1)"}),
        Wrong("leave out `keepdim=True`", {"(x - mean) ** 2).sum(dim=1)": "(x - mean) ** 2).sum(dim=1, keepdim=True)"}),
        Wrong("these few pictures", {"(x - mean)": "(x - x.mean(dim=0))"}),
        Wrong("squared errors as they were", {" / ((x - mean) ** 2).sum(dim=1)": ""}),
    ],
    "1.1.2": [
        Wrong("counted numbers", {"4 * sum": "sum"}),
        Wrong("whole autoencoder", {".decoder.": "."}),
        Wrong("That is the encoder", {".decoder.": ".encoder."}),
        Wrong("weights only", {"for p in parameters": "for p in parameters if p.dim() == 2"}),
        Wrong("of two numbers", {"Autoencoder(64, 4)": "Autoencoder(64, 2)"}),
        Wrong("of eight numbers", {"Autoencoder(64, 4)": "Autoencoder(64, 8)"}),
        Wrong("four bytes, not one", {"/ (64 - 4 * 4)": "// (64 - 4)"}),
        Wrong("in the other order", {"decoder_bytes": "wanted", "n_pictures": "decoder_bytes", "wanted =": "n_pictures =", "= wanted /": "= n_pictures /"}),
        Wrong("what it saves is the rest", {"(64 - 4 * 4)": "(4 * 4)"}),
        Wrong("still needs its code", {"(64 - 4 * 4)": "64"}),
        Wrong("four bytes, not one", {"(64 - 4 * 4)": "(64 - 4)"}),
        Wrong("one byte each", {"(64 - 4 * 4)": "(4 * 64 - 4 * 4)"}),
    ],
    "1.1.3": [
        Wrong("Nothing was centred", {"train - centre": "train", "x - centre": "x", "centre + ": ""}),
        Wrong("add the mean again", {"return centre + ": "return "}),
        Wrong("by its own mean", {"(x - centre)": "(x - x.mean(dim=0))"}),
        Wrong("add the mean of `x` too", {"(x - centre)": "(x - x.mean(dim=0))", "return centre": "return x.mean(dim=0)"}),
        Wrong("Subtract the mean from `x` as well", {"(x - centre)": "x"}),
        Wrong("subtract it before, and add it", {"(x - centre)": "x", "return centre + ": "return "}),
        Wrong("You centre with one number", {"train.mean(dim=0)": "train.mean()"}),
        Wrong("fitted to `x`", {"train.mean(dim=0)": "x.mean(dim=0)", "train - centre": "x - centre"}),
        Wrong("back to pixels", {"return centre + coordinates @ Vh[:k]": "return coordinates"}),
        Wrong("data that were not centred", {"train - centre": "train"}),
        Wrong("least variance", {"Vh[:k]": "Vh[-k:]"}),
        Wrong(
            "least variance",
            "def flat_sheet(x, train, k):\n"
            "    centre = train.mean(dim=0)\n"
            "    V = torch.linalg.eigh((train - centre).T.cov()).eigenvectors[:, :k]\n"
            "    return centre + (x - centre) @ V @ V.T",
        ),
        Wrong("you took columns", {"Vh[:k].T": "Vh[:, :k]", "coordinates @ Vh[:k]": "coordinates @ Vh[:, :k].T"}),
        Wrong("the pictures themselves", {"Vh[:k]": "Vh"}),
    ],
    "1.1.4": [
        Wrong("None of these is a parameter", {"nn.Linear(n_pixels, k)": "lambda x: x[:, :2]", "nn.Parameter(torch.zeros(n_pixels))": "torch.zeros(n_pixels)", "z @ self.encoder.weight": "z @ torch.ones(2, 64)"}),
        Wrong("two matrices", {TIED: "self.encoder(x)\n        return self.decoder(z)", "self.c = nn.Parameter(torch.zeros(n_pixels))": "self.c = 0\n        self.decoder = nn.Linear(k, n_pixels)\n        self.decoder.weight.data = self.encoder.weight.data.T"}),
        Wrong("Shifts are missing", {"nn.Parameter(torch.zeros(n_pixels))": "torch.zeros(n_pixels)"}),
        Wrong("Shifts are missing", {"nn.Linear(n_pixels, k)": "nn.Linear(n_pixels, k, bias=False)"}),
        Wrong("second matrix that nothing uses", {"self.c = nn.Parameter(torch.zeros(n_pixels))": "self.decoder = nn.Linear(k, n_pixels)", "self.c": "self.decoder.bias"}),
        Wrong("Shifts are missing", {"torch.zeros(n_pixels)": "torch.tensor(0.0)"}),
        Wrong("Shifts are missing", {"nn.Parameter(torch.zeros(n_pixels))": "nn.Parameter(torch.zeros(n_pixels), requires_grad=False)"}),
        Wrong("Two calls with the same pictures differ", {"self.encoder(x)": "self.encoder(nn.functional.dropout(x))"}),
        Wrong("There is a bend", {"self.encoder(x)": "self.encoder(x / (1e-9 + x.norm(dim=1, keepdim=True)))"}),
        Wrong("no matrix of 2 × 64", {"tied = TiedAutoencoder(n_pixels, 2)": "tied = TiedAutoencoder(784, 2)"}),
        Wrong("no matrix of 2 × 64", {"tied = TiedAutoencoder(n_pixels, 2)": "tied = TiedAutoencoder(n_pixels, 8)"}),
        Wrong("There is a bend", {"z = self.encoder(x)": "z = nn.functional.elu(self.encoder(x))"}),
        Wrong("There is a bend", {"+ self.c": "+ self.c)", "return z": "return torch.sigmoid(z"}),
        Wrong("changes nothing", {" + self.c": ""}),
        Wrong("changes nothing", {"z @ self.encoder.weight + self.c": "0 * x + self.c"}),
        Wrong("changes nothing", {"self.encoder(x)": "x @ self.encoder.weight.T"}),
        Wrong("made of the matrix at the start", {"self.c =": "self.W = self.encoder.weight.detach().clone()\n        self.c =", "z @ self.encoder.weight": "z @ self.W"}),
        Wrong("cuts it off", {"z @ self.encoder.weight": "z @ self.encoder.weight.detach()"}),
        Wrong("cuts it off", {"z = self.encoder(x)": "z = self.encoder(x).detach()"}),
        Wrong("another formula", {"+ self.c": "- self.c"}),
        Wrong("another formula", {"self.encoder(x)": "self.encoder(x - self.c)"}),
    ],
    "1.1.5": [
        Wrong("another centre", "def draw_codes(codes, n):\n    return torch.randn(n, codes.shape[1])"),
        Wrong(
            "One cloud over all codes",
            "def draw_codes(codes, n):\n"
            "    cloud = torch.distributions.MultivariateNormal(codes.mean(0), codes.T.cov())\n"
            "    return cloud.sample((n,))",
        ),
        Wrong("codes that you were given", {"torch.lerp(codes[start], codes[partner], torch.rand(n, 1))": "codes[start]"}),
        Wrong("in one place", "def draw_codes(codes, n):\n    return codes.mean(0).expand(n, -1)"),
        Wrong("unless told `largest=False`", {"topk(n_neighbours + 1, largest=False)": "topk(n_neighbours + 1)"}),
        Wrong("half their sum", {"torch.lerp(codes[start], codes[partner], torch.rand(n, 1))": "codes[start] + codes[partner]"}),
        Wrong("holds NaN", "def draw_codes(codes, n):\n    return codes[:1].expand(n, -1) / 0"),
        Wrong("same draws", {"    start = torch.randint": "    torch.manual_seed(0)\n    start = torch.randint"}),
        Wrong("chosen at random is water", {"partner = near[start, which]": "partner = torch.randint(len(codes), (n,))"}),
        Wrong("wide steps", {"torch.lerp(codes[start], codes[partner], torch.rand(n, 1))": "codes[start] + torch.randn(n, codes.shape[1])"}),
        Wrong(
            "Too many draws lie in the water",
            "from sklearn.mixture import GaussianMixture\n"
            "def draw_codes(codes, n):\n"
            "    draws, _ = GaussianMixture(10, random_state=torch.randint(99, (1,)).item()).fit(codes).sample(n)\n"
            "    return torch.as_tensor(draws).float()",
        ),
        Wrong("never reached", {"torch.randint(len(codes), (n,))": "torch.randint(20, (n,))"}),
    ],
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
        Wrong("What cancels best", {"(weight * x).sum(dim=0) / weight.sum(dim=0)": "(x / sigma).sum(dim=0) / (1 / sigma).sum(dim=0)"}),
        Wrong("in both places", {"1 / sigma**2": "1 / sigma"}),
        Wrong("take the root", {"weight.sum(dim=0).rsqrt()": "1 / weight.sum(dim=0)"}),
        Wrong("has to shrink", {".rsqrt()": ".sqrt()"}),
        Wrong("nights are not averaged", {"weight.sum(dim=0).rsqrt()": "weight.mean(dim=0).rsqrt()"}),
        Wrong("scatter of a few nights", {"weight.sum(dim=0).rsqrt()": "x.std(dim=0) / len(x) ** 0.5"}),
        Wrong("The plain mean takes a dead pixel", {"(weight * x).sum(dim=0) / weight.sum(dim=0)": "x.mean(dim=0)"}),
        Wrong("left out what is dead", {"(weight * x).sum(dim=0) / weight.sum(dim=0)": "x.sum(dim=0) / sigma.isfinite().sum(dim=0)"}),
        Wrong("These are plain means", "def combine(x, sigma):\n    return torch.stack([x.mean(dim=0), sigma.mean(dim=0)])"),
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
        Wrong("A dead pixel moves your score", {"(residual / sigma)": "torch.where(sigma.isinf(), residual, residual / sigma)"}),
        Wrong("Another noise gives another score", {"(residual / sigma)": "torch.where(sigma.isinf(), 0, residual / sigma.nan_to_num(posinf=0).amax(0))"}),
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
        Wrong("pixel by pixel", "def score(residual, sigma):\n    return nn.functional.avg_pool1d((residual / sigma)[:, None], 40).amax(dim=(1, 2))"),
        Wrong("holds NaN", {"(residual / sigma)": "(residual / sigma.nan_to_num(posinf=0))"}),
    ],
}  # fmt: skip
