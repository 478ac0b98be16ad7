"""Draw the picture of the first page: the plane of codes of a network like the first chapter's, decoded.

Usage: python -m tools.cover    (writes book/_static/cover.png)
"""

from pathlib import Path

import matplotlib.image
import numpy as np
import torch
from matplotlib.colors import to_rgb
from sklearn.neighbors import KNeighborsClassifier

import course_utils as cu
from course_utils import data, plotting
from course_utils.losses import reconstruction_loss
from course_utils.models import Autoencoder
from course_utils.training import fit

SEED, COLUMNS, ROWS, ZOOM = 0, 36, 15, 5
OUT = Path(__file__).parents[1] / "book" / "_static" / "cover.png"


def main() -> None:
    cu.setup(SEED)
    train, _ = data.digits().split(0.75, seed=SEED)
    model = Autoencoder(64, 2)
    fit(model, reconstruction_loss, train.x, seed=SEED)
    model.requires_grad_(False)
    codes = model.encoder(train.x)

    # Equal steps in the ranks of the codes give every digit its share of the plane.
    z1 = codes[:, 0].quantile(torch.linspace(0.02, 0.98, COLUMNS))
    z2 = codes[:, 1].quantile(torch.linspace(0.98, 0.02, ROWS))
    z = torch.cartesian_prod(z2, z1).flip(1)
    ink = model.decoder(z).clamp(0, 1).reshape(ROWS, COLUMNS, 8, 8)
    labels = KNeighborsClassifier(15).fit(codes, train.labels).predict(z).reshape(ROWS, COLUMNS)

    colors = np.array([to_rgb(color) for color in plotting.CLASSES])[labels]
    rgb = np.broadcast_to(colors[:, :, None, None], (ROWS, COLUMNS, 8, 8, 3))
    picture = np.concatenate([rgb, ink.numpy()[..., None]], axis=-1)
    picture = np.pad(picture, ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0)))
    picture = picture.transpose(0, 2, 1, 3, 4).reshape(ROWS * 10, COLUMNS * 10, 4)
    matplotlib.image.imsave(OUT, picture.repeat(ZOOM, 0).repeat(ZOOM, 1))


if __name__ == "__main__":
    main()
