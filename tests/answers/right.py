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
}
