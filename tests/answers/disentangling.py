"""Answers to the exercises of *Disentangling, measured*."""

from tests.answers.wrong import Wrong

CENTRED = "z, factors = z - z.mean(dim=0), factors - factors.mean(dim=0)"
SOLVED = "torch.linalg.lstsq(z, factors).solution"
SCORE = "(1 - others / (best * (share.shape[1] - 1))).mean()"

RIGHT = {
    "3.1.1": [
        "share_told, lead, gap_by_hand = 0.1887, 1, 0.5944",
        "from sklearn.metrics import mutual_info_score\n"
        "v_2, z_2 = [0, 0, 1, 1, 0, 0, 1, 1], [1, 0, 1, 0, 0, 0, 1, 1]\n"
        "share_told = mutual_info_score(v_2, z_2) / math.log(2)\n"
        "lead = 1.0\n"
        "gap_by_hand = np.mean([lead, share_told])",
        "v = torch.tensor([[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 1, 1]]).T\n"
        "z = torch.tensor([[0, 0, 0, 0, 1, 1, 1, 1], [1, 0, 1, 0, 0, 0, 1, 1]]).T\n"
        "told = mutual_information(z, v) / entropy(v)\n"
        "share_told = told[1, 1]\n"
        "lead = gaps(told)[0]\n"
        "gap_by_hand = gaps(told).mean()",
    ],
    "3.1.2": [
        "sigma_plain, norm_of_paper, beta_for_dots = 0.4, 0.009766, 0.625",
        "sigma_plain = math.sqrt(16 * 0.01)\nnorm_of_paper = 10 / 1024\nbeta_for_dots = 5 / 8",
        "sigma_plain = torch.tensor(0.16).sqrt()\n"
        "norm_of_paper = torch.tensor(40.0) / 4096\n"
        "beta_for_dots = 64 * norm_of_paper",
    ],
    "3.1.3": [
        "def right_angles(W):\n    return W @ torch.linalg.svd(W).Vh.T",
        "def right_angles(W):\n"
        "    U, S, Vh = np.linalg.svd(W.numpy(), full_matrices=False)\n"
        "    return torch.from_numpy(U * S)",
        "def right_angles(W):\n"
        "    W = W.double().clone()\n"
        "    for sweep in range(20):\n"
        "        for i in range(W.shape[1]):\n"
        "            for j in range(i):\n"
        "                a, b = W[:, i].clone(), W[:, j].clone()\n"
        "                angle = 0.5 * torch.atan2(2 * a @ b, a @ a - b @ b)\n"
        "                W[:, i] = angle.cos() * a + angle.sin() * b\n"
        "                W[:, j] = angle.cos() * b - angle.sin() * a\n"
        "    return W.float()",
        "def right_angles(W):\n    return -(W @ torch.linalg.eigh(torch.eye(W.shape[1]) + W.T @ W / 0.01)[1]).flip(1)",
    ],
    "3.1.4": [
        "def modularity(share, used):\n"
        "    scores = []\n"
        "    for row, counts in zip(share.numpy(), used):\n"
        "        if counts:\n"
        "            row = np.sort(row)\n"
        "            scores.append(1 - (row[:-1] ** 2).mean() / row[-1] ** 2)\n"
        "    return np.mean(scores)",
        "def modularity(share, used):\n"
        "    ratio = share / share.amax(1, keepdim=True)\n"
        "    astray = ((ratio**2).sum(1) - 1) / (share.shape[1] - 1)\n"
        "    return 1 - (astray * used).sum() / used.sum()",
        "def modularity(share, used):\n"
        "    ordered = share[used].sort(dim=1).values\n"
        "    astray = ordered[:, :-1].pow(2).mean(1) / ordered[:, -1].pow(2)\n"
        "    return (1 - astray).mean().item()",
    ],
    "3.1.5": [
        "def align(z, factors):\n"
        "    from sklearn.linear_model import LinearRegression\n"
        "    return torch.from_numpy(LinearRegression().fit(z, factors).coef_.T)",
        "def align(z, factors):\n"
        "    with_one = torch.cat([z, torch.ones(len(z), 1)], dim=1)\n"
        "    return (torch.linalg.pinv(with_one) @ factors)[:-1]",
        "def align(z, factors):\n    return torch.linalg.pinv(z - z.mean(0)) @ factors",
        "def align(z, factors):\n"
        "    z, factors = z - z.mean(0), (factors - factors.mean(0)) / factors.std(0)\n"
        "    return torch.linalg.solve(z.T @ z + 1e-6 * torch.eye(z.shape[1]), z.T @ factors)",
    ],
}

WRONG = {
    "3.1.1": [
        Wrong("how often they agree", {"share_told = 1 - left_over": "share_told = 6 / 8"}),
        Wrong("the entropy that is *left*", {"share_told = 1 - left_over": "share_told = left_over"}),
        Wrong("these are nats", {"share_told = 1 - left_over": "share_told = (1 - left_over) * math.log(2)"}),
        Wrong("agreement beyond chance", {"share_told = 1 - left_over": "share_told = 2 * 6 / 8 - 1"}),
        Wrong("a share of *variance*", {"share_told = 1 - left_over": "share_told = (2 * 6 / 8 - 1) ** 2"}),
        Wrong("Asked is the second", {"share_told = 1 - left_over": "share_told = 0.0"}),
        Wrong("what the second best code tells", {"lead = 1 - 0": "lead = 0"}),
        Wrong("of the *other* factor", {"lead = 1 - 0": "lead = 1 - share_told"}),
        Wrong("of the *other* factor", "share_told, lead, gap_by_hand = 0.1887, 0.8113, 0.5"),
        Wrong("as good as a coin", {"lead = 1 - 0": "lead = 1 - 4 / 8"}),
        Wrong("the lead for the first factor only", {"(lead + share_told) / 2": "lead"}),
        Wrong("the lead for the second factor only", {"(lead + share_told) / 2": "share_told"}),
        Wrong("It is their mean", {"(lead + share_told) / 2": "lead + share_told"}),
        Wrong("the second factor has a best code too", {"(lead + share_told) / 2": "(lead + 0) / 2"}),
        Wrong("one lead from the other", {"(lead + share_told) / 2": "(lead - share_told) / 2"}),
    ],
    "3.1.2": [
        Wrong("not the standard deviation", {"16**0.5": "16"}),
        Wrong("Asked is its root", {"0.1 * 16**0.5": "0.1**2 * 16"}),
        Wrong("makes the squared error count less", {"0.1 * 16**0.5": "0.1 / 16**0.5"}),
        Wrong("the pixels below", {"4 * 10 / 64**2": "4 * 64**2 / 10"}),
        Wrong("has more than 64 of them", {"4 * 10 / 64**2": "4 * 10 / 64"}),
        Wrong("the number of places in the code is missing", {"4 * 10 / 64**2": "4 / 64**2"}),
        Wrong("Solve for beta", {"norm_of_paper * 256 / 4": "norm_of_paper * 4 / 256"}),
        Wrong("the codes differ in width too", {"norm_of_paper * 256 / 4": "4 * 256 / 64**2"}),
        Wrong("the pictures differ in size too", {"norm_of_paper * 256 / 4": "4 * 10 / 4"}),
    ],
    "3.1.3": [
        Wrong("weights that were given", "def right_angles(W):\n    return W"),
        Wrong("each has the length 1 now", "def right_angles(W):\n    return torch.linalg.qr(W).Q"),
        Wrong(
            "each has the length 1 now", "def right_angles(W):\n    return torch.linalg.svd(W, full_matrices=False).U"
        ),
        Wrong(
            "kept their old lengths",
            "def right_angles(W):\n    return torch.linalg.qr(W).Q * W.norm(dim=0)",
        ),
        Wrong(
            "have another likelihood",
            "def right_angles(W):\n"
            "    columns = []\n"
            "    for w in W.T:\n"
            "        for q in columns:\n"
            "            w = w - (w @ q) / (q @ q) * q\n"
            "        columns.append(w)\n"
            "    return torch.stack(columns, dim=1)",
        ),
        Wrong("is it its transpose that you need", {"W @ turned_by": "W @ turned_by.T"}),
        Wrong("is it its transpose that you need", "def right_angles(W):\n    return W @ torch.linalg.svd(W).Vh"),
        Wrong("Means were subtracted", {"eigh(W.T @ W)": "eigh(torch.cov(W.T))"}),
        Wrong(
            "Means were subtracted",
            "def right_angles(W):\n"
            "    from sklearn.decomposition import PCA\n"
            "    return torch.from_numpy(PCA(W.shape[1]).fit_transform(W))",
        ),
        Wrong("of which matrix", {"eigh(W.T @ W)": "eigh(torch.nn.functional.normalize(W, dim=0).T @ W)"}),
        Wrong("of which matrix", {"eigh(W.T @ W)": "eigh(torch.corrcoef(W.T))"}),
        Wrong("should have the shape", {"W @ turned_by": "turned_by @ W.T"}),
    ],
    "3.1.4": [
        Wrong("The idle codes have a say", {"share[used]": "share"}),
        Wrong("by the number of all codes", {SCORE: SCORE.replace(".mean()", ".sum() / len(used)")}),
        Wrong("all the *others*", {"squared.sum(dim=1) - best": "squared.sum(dim=1)"}),
        Wrong("enters with its square", {"share[used] ** 2": "share[used]"}),
        Wrong("below there is none", {"others / (best *": "others / (best.sqrt() *"}),
        Wrong("`K - 1` *other* factors", {"(share.shape[1] - 1)": "share.shape[1]"}),
        Wrong("not of the codes in use", {"(share.shape[1] - 1)": "(len(squared) - 1)"}),
        Wrong("not of the codes in use", {"(share.shape[1] - 1)": "(int(used.sum()) - 1)"}),
        Wrong("not of all codes", {"(share.shape[1] - 1)": "(len(share) - 1)"}),
        Wrong("Modularity is 1 minus that", {"(1 - others": "(others"}),
        Wrong("a number for each code", {".mean()": ""}),
        Wrong("each code looks for its best factor", {"amax(dim=1)": "amax(dim=0)", "sum(dim=1)": "sum(dim=0)"}),
        Wrong(
            "as the gap does",
            {
                "amax(dim=1)": "amax(dim=0)",
                "sum(dim=1)": "sum(dim=0)",
                "(share.shape[1] - 1)": "(len(squared) - 1)",
            },
        ),
    ],
    "3.1.5": [
        Wrong("not the factor of their own number", {SOLVED: f"{SOLVED}.flip(1)"}),
        Wrong("from factors to codes", {"lstsq(z, factors)": "lstsq(factors, z)"}),
        Wrong("stands on its side", {SOLVED: f"{SOLVED}.T"}),
        Wrong("Subtract the means first", {f"    {CENTRED}\n": ""}),
        Wrong("It does no harm", {CENTRED: "factors = factors - factors.mean(dim=0)"}),
        Wrong("the scale must come back", {CENTRED: f"{CENTRED}\n    z = z / z.std(dim=0)"}),
        Wrong(
            "the scale must come back",
            "def align(z, factors):\n"
            "    from sklearn.preprocessing import scale\n"
            "    return np.linalg.lstsq(scale(z), scale(factors), rcond=None)[0]",
        ),
        Wrong(
            "They are stretched, too",
            {f"return {SOLVED}": "U, S, Vh = torch.linalg.svd(z.T @ factors)\n    return U @ Vh"},
        ),
        Wrong(
            "They are stretched, too",
            "def align(z, factors):\n"
            "    from scipy.linalg import orthogonal_procrustes\n"
            "    from sklearn.preprocessing import scale\n"
            "    return orthogonal_procrustes(scale(z), scale(factors))[0]",
        ),
        Wrong(
            "Is there a penalty",
            "def align(z, factors):\n"
            "    from sklearn.linear_model import Ridge\n"
            "    return torch.from_numpy(Ridge().fit(z, factors).coef_.T)",
        ),
        Wrong("how codes and factors vary together", {SOLVED: "z.T @ factors / len(z)"}),
        Wrong("tells about nothing", {SOLVED: f"torch.stack([{SOLVED}[:, 0]] + 2 * [torch.zeros(3)], dim=1)"}),
        Wrong("should have the shape", {SOLVED: f"z @ {SOLVED}"}),
    ],
}
