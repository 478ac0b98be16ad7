"""Figures of the site get a palette."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from light_images import lighten
from PIL import Image


@pytest.fixture
def figure(tmp_path: Path) -> Path:
    ax = plt.subplots(figsize=(5, 3))[1]
    for place in range(20):
        ax.plot(np.sin(np.linspace(0, 9, 200) + place / 3), color=plt.get_cmap("viridis")(place / 20))
    ax.set_title("Twenty waves")
    plt.savefig(tmp_path / "figure.png", dpi=144)
    plt.close()
    return tmp_path / "figure.png"


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGBA")).astype(float)


def test_a_figure_gets_lighter_and_looks_the_same(figure: Path) -> None:
    before, weight = pixels(figure), figure.stat().st_size
    lighten(figure)
    assert figure.stat().st_size < weight / 2
    difference = np.abs(pixels(figure) - before)
    assert difference.mean() < 0.5
    assert np.quantile(difference, 0.999) <= 32  # of 255, in one number of a thousand
    assert [path.name for path in figure.parent.iterdir()] == ["figure.png"]


def test_what_is_light_or_transparent_stays_as_it_is(figure: Path) -> None:
    lighten(figure)
    light = figure.read_bytes()
    lighten(figure)
    assert figure.read_bytes() == light
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(figure)
    clear = figure.read_bytes()
    lighten(figure)
    assert figure.read_bytes() == clear
