"""Right answers to every exercise that look unlike its solution."""

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
