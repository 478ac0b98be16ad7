"""Answers to the exercises of *The bottleneck*."""

from tests.answers.wrong import Wrong

TIED = "self.encoder(x)\n        return z @ self.encoder.weight"

RIGHT = {
    "1.1.1": [
        "def unexplained_per_picture(x, x_hat, mean):\n"
        "    return torch.tensor([unexplained_variance(a, b, mean) for a, b in zip(x, x_hat)])",
        "def unexplained_per_picture(x, x_hat, mean):\n"
        "    x, x_hat, mean = x.numpy(), x_hat.numpy(), mean.numpy()\n"
        "    return ((x - x_hat) ** 2).mean(1) / ((x - mean) ** 2).mean(1)",
        "def unexplained_per_picture(x, x_hat, mean):\n"
        "    return (x - x_hat).norm(dim=1) ** 2 / torch.cdist(x, mean[None])[:, 0] ** 2",
    ],
    "1.1.2": [
        "decoder_bytes = 4 * sum(n * m + m for n, m in pairwise([4, 128, 256, 64]))\nn_pictures = decoder_bytes // 48",
        "decoder_bytes = torch.tensor(200448)\nn_pictures = torch.tensor(4176.0)",
        "weights = torch.cat([p.flatten() for p in Autoencoder(64, 4).decoder.parameters()])\n"
        "decoder_bytes = weights.numel() * weights.element_size()\n"
        "n_pictures = round(decoder_bytes / 48)",
    ],
    "1.1.3": [
        "def flat_sheet(x, train, k):\n"
        "    model = PCA(k).fit(train)\n"
        "    return model.inverse_transform(model.transform(x))",
        "def flat_sheet(x, train, k):\n"
        "    mean = train.mean(0)\n"
        "    V = torch.linalg.eigh((train - mean).T @ (train - mean)).eigenvectors[:, -k:]\n"
        "    return mean + (x - mean) @ V @ V.T",
        "def flat_sheet(x, train, k):\n"
        "    mean = train.mean(0)\n"
        "    _, _, V = torch.pca_lowrank(train, q=k)\n"
        "    return mean + (x - mean) @ V @ V.T",
    ],
    "1.1.4": [
        "class TiedAutoencoder(nn.Module):\n"
        "    def __init__(self, n_pixels, k):\n"
        "        super().__init__()\n"
        "        self.W = nn.Parameter(torch.randn(n_pixels, k))\n"
        "        self.b = nn.Parameter(torch.zeros(1, k))\n"
        "        self.c = nn.Parameter(torch.zeros(1, n_pixels))\n"
        "    def forward(self, x):\n"
        "        return (x @ self.W + self.b) @ self.W.T + self.c\n"
        "tied = TiedAutoencoder(64, 2)",
        "class TiedAutoencoder(nn.Module):\n"
        "    def __init__(self, n_pixels, k):\n"
        "        super().__init__()\n"
        "        self.decoder = nn.Linear(k, n_pixels)\n"
        "        self.b = nn.Parameter(torch.zeros(k))\n"
        "    def forward(self, x):\n"
        "        z = nn.functional.linear(x, self.decoder.weight.T, self.b)\n"
        "        return self.decoder(z)\n"
        "tied = TiedAutoencoder(64, 2).bfloat16().requires_grad_(False)",
        "class TiedAutoencoder(nn.Module):\n"
        "    def __init__(self, n_pixels, k):\n"
        "        super().__init__()\n"
        "        self.encoder = nn.Linear(n_pixels, k)\n"
        "        self.decoder = nn.Linear(k, n_pixels)\n"
        "        self.decoder.weight = None\n"
        "    def forward(self, x):\n"
        "        z = self.encoder(x)\n"
        "        return torch.einsum('kd,nk->nd', self.encoder.weight, z) + self.decoder.bias\n"
        "tied = TiedAutoencoder(64, 2).double()",
    ],
    "1.1.5": [
        "def draw_codes(codes, n):\n"
        "    start = codes[torch.randint(len(codes), (n,))]\n"
        "    return start + 0.1 * torch.randn_like(start)",
        "def draw_codes(codes, n):\n"
        "    from sklearn.mixture import GaussianMixture\n"
        "    seed = torch.randint(1000, (1,)).item()\n"
        "    return GaussianMixture(30, random_state=seed).fit(codes).sample(n)[0]",
        "def draw_codes(codes, n):\n"
        "    near = torch.cdist(codes, codes).topk(4, largest=False).indices[torch.randint(len(codes), (n,))]\n"
        "    weights = torch.rand(n, 4).softmax(1)\n"
        "    return ((codes[near] * weights[..., None]).sum(1) * 10).round() / 10",
    ],
}

WRONG = {
    "1.1.1": [
        Wrong("all pictures together", {"((x - mean) ** 2).sum(dim=1)": "((x - mean) ** 2).sum()"}),
        Wrong("deviation per pixel", {"(x - mean) ** 2).sum(dim=1)": "(x - mean) ** 2).mean(dim=1)"}),
        Wrong("mean of its own pixels", {"(x - mean)": "(x - x.mean(dim=1, keepdim=True))"}),
        Wrong("subtract `mean` first", {"(x - mean) ** 2": "x**2"}),
        Wrong("Square the deviation", {"((x - mean) ** 2)": "(x - mean)"}),
        Wrong("share that is explained", {"return lost": "return 1 - lost"}),
        Wrong(
            "One number for all",
            {"return lost / ((x - mean) ** 2).sum(dim=1)": "return unexplained_variance(x, x_hat, mean)"},
        ),
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
        Wrong(
            "in the other order",
            {
                "decoder_bytes": "wanted",
                "n_pictures": "decoder_bytes",
                "wanted =": "n_pictures =",
                "= wanted /": "= n_pictures /",
            },
        ),
        Wrong("what it saves is the rest", {"(64 - 4 * 4)": "(4 * 4)"}),
        Wrong("still needs its code", {"(64 - 4 * 4)": "64"}),
        Wrong("four bytes, not one", {"(64 - 4 * 4)": "(64 - 4)"}),
        Wrong("one byte each", {"(64 - 4 * 4)": "(4 * 64 - 4 * 4)"}),
    ],
    "1.1.3": [
        Wrong("Nothing was centred", {"train - centre": "train", "x - centre": "x", "centre + ": ""}),
        Wrong("add the mean again", {"return centre + ": "return "}),
        Wrong("by its own mean", {"(x - centre)": "(x - x.mean(dim=0))"}),
        Wrong(
            "add the mean of `x` too", {"(x - centre)": "(x - x.mean(dim=0))", "return centre": "return x.mean(dim=0)"}
        ),
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
        Wrong(
            "None of these is a parameter",
            {
                "nn.Linear(n_pixels, k)": "lambda x: x[:, :2]",
                "nn.Parameter(torch.zeros(n_pixels))": "torch.zeros(n_pixels)",
                "z @ self.encoder.weight": "z @ torch.ones(2, 64)",
            },
        ),
        Wrong(
            "two matrices",
            {
                TIED: "self.encoder(x)\n        return self.decoder(z)",
                "self.c = nn.Parameter(torch.zeros(n_pixels))": "self.c = 0\n        self.decoder = nn.Linear(k, n_pixels)\n        self.decoder.weight.data = self.encoder.weight.data.T",
            },
        ),
        Wrong("Shifts are missing", {"nn.Parameter(torch.zeros(n_pixels))": "torch.zeros(n_pixels)"}),
        Wrong("Shifts are missing", {"nn.Linear(n_pixels, k)": "nn.Linear(n_pixels, k, bias=False)"}),
        Wrong(
            "second matrix that nothing uses",
            {
                "self.c = nn.Parameter(torch.zeros(n_pixels))": "self.decoder = nn.Linear(k, n_pixels)",
                "self.c": "self.decoder.bias",
            },
        ),
        Wrong("Shifts are missing", {"torch.zeros(n_pixels)": "torch.tensor(0.0)"}),
        Wrong(
            "Shifts are missing",
            {"nn.Parameter(torch.zeros(n_pixels))": "nn.Parameter(torch.zeros(n_pixels), requires_grad=False)"},
        ),
        Wrong("Two calls with the same pictures differ", {"self.encoder(x)": "self.encoder(nn.functional.dropout(x))"}),
        Wrong("There is a bend", {"self.encoder(x)": "self.encoder(x / (1e-9 + x.norm(dim=1, keepdim=True)))"}),
        Wrong("no matrix of 2 × 64", {"tied = TiedAutoencoder(n_pixels, 2)": "tied = TiedAutoencoder(784, 2)"}),
        Wrong("no matrix of 2 × 64", {"tied = TiedAutoencoder(n_pixels, 2)": "tied = TiedAutoencoder(n_pixels, 8)"}),
        Wrong("There is a bend", {"z = self.encoder(x)": "z = nn.functional.elu(self.encoder(x))"}),
        Wrong("There is a bend", {"+ self.c": "+ self.c)", "return z": "return torch.sigmoid(z"}),
        Wrong("changes nothing", {" + self.c": ""}),
        Wrong("changes nothing", {"z @ self.encoder.weight + self.c": "0 * x + self.c"}),
        Wrong("changes nothing", {"self.encoder(x)": "x @ self.encoder.weight.T"}),
        Wrong(
            "made of the matrix at the start",
            {
                "self.c =": "self.W = self.encoder.weight.detach().clone()\n        self.c =",
                "z @ self.encoder.weight": "z @ self.W",
            },
        ),
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
        Wrong(
            "codes that you were given", {"torch.lerp(codes[start], codes[partner], torch.rand(n, 1))": "codes[start]"}
        ),
        Wrong("in one place", "def draw_codes(codes, n):\n    return codes.mean(0).expand(n, -1)"),
        Wrong("unless told `largest=False`", {"topk(n_neighbours + 1, largest=False)": "topk(n_neighbours + 1)"}),
        Wrong(
            "half their sum",
            {"torch.lerp(codes[start], codes[partner], torch.rand(n, 1))": "codes[start] + codes[partner]"},
        ),
        Wrong("holds NaN", "def draw_codes(codes, n):\n    return codes[:1].expand(n, -1) / 0"),
        Wrong("same draws", {"    start = torch.randint": "    torch.manual_seed(0)\n    start = torch.randint"}),
        Wrong(
            "chosen at random is water", {"partner = near[start, which]": "partner = torch.randint(len(codes), (n,))"}
        ),
        Wrong(
            "wide steps",
            {
                "torch.lerp(codes[start], codes[partner], torch.rand(n, 1))": "codes[start] + torch.randn(n, codes.shape[1])"
            },
        ),
        Wrong(
            "Too many draws lie in the water",
            "from sklearn.mixture import GaussianMixture\n"
            "def draw_codes(codes, n):\n"
            "    draws, _ = GaussianMixture(10, random_state=torch.randint(99, (1,)).item()).fit(codes).sample(n)\n"
            "    return torch.as_tensor(draws).float()",
        ),
        Wrong("never reached", {"torch.randint(len(codes), (n,))": "torch.randint(20, (n,))"}),
    ],
}
