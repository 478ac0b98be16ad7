import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from course_utils import plotting
from course_utils.training import History


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_pictures_are_drawn_in_reading_order_with_a_fixed_scale() -> None:
    images = torch.rand(5, 16)
    figure = plotting.image_grid(images, columns=3, rows=("one", "two"))
    drawn = [axis.images[0] for axis in figure.axes if axis.images]
    assert len(drawn) == 5
    for picture, image in zip(drawn, images, strict=True):
        np.testing.assert_allclose(picture.get_array(), image.reshape(4, 4))
        assert picture.get_clim() == (0, 1)
    assert [axis.get_ylabel() for axis in figure.axes[::3]] == ["one", "two"]


def test_pictures_need_not_be_square() -> None:
    figure = plotting.image_grid(torch.rand(2, 3, 5), columns=2)
    assert [axis.images[0].get_array().shape for axis in figure.axes] == [(3, 5)] * 2


def test_reconstructions_stand_below_their_originals() -> None:
    x = torch.rand(4, 9)
    figure = plotting.reconstructions(x, {"copy": x, "nothing": 0 * x})
    columns = np.array(figure.axes, dtype=object).reshape(3, 4)
    np.testing.assert_array_equal(columns[0, 2].images[0].get_array(), columns[1, 2].images[0].get_array())
    assert columns[2, 2].images[0].get_array().max() == 0


def test_a_latent_map_colours_each_label_and_writes_it_at_its_median() -> None:
    z, labels = torch.randn(40, 2), torch.arange(40) % 4
    axis = plotting.latent_map(z, labels)
    assert len({tuple(c.get_facecolor()[0][:3]) for c in axis.collections}) == 4
    for label, text in enumerate(axis.texts):
        assert text.get_text() == str(label)
        np.testing.assert_allclose(text.get_position(), np.median(z[labels == label], axis=0))


def test_loss_curves_show_what_was_recorded() -> None:
    axis = plotting.loss_curves(History(loss=[3.0, 2.0, 1.0], held_out=[3.5, 2.5, 1.5]))
    training, held_out = axis.lines
    np.testing.assert_array_equal(training.get_ydata(), [3, 2, 1])
    np.testing.assert_array_equal(held_out.get_ydata(), [3.5, 2.5, 1.5])
    np.testing.assert_array_equal(held_out.get_xdata(), [1, 2, 3])


def test_lines_are_named_and_the_model_keeps_its_colour() -> None:
    axis = plotting.lines((1, 2, 4), {"PCA": (3, 2, 1), "model": (2, 1, 0.5)})
    assert [text.get_text() for text in axis.texts] == ["PCA", "model"]
    assert [line.get_color() for line in axis.lines] == [plotting.BASELINE, plotting.MODEL]


@pytest.mark.parametrize(
    ("values", "upper", "lower"),
    [((3, 2, 1), "left", "right"), ((1, 2, 3), "right", "left"), ((3, 1, 3), "center", "right"), ((1, 3, 1), "left", "center")],
)  # fmt: skip
def test_a_name_stands_where_its_curve_does_not_go(values: tuple[float, ...], upper: str, lower: str) -> None:
    axis = plotting.lines((1, 2, 4), {"upper": [v + 9 for v in values], "lower": values})
    assert [text.get_ha() for text in axis.texts] == [upper, lower]


def test_lines_begin_at_zero_unless_told() -> None:
    assert plotting.lines((1, 2), {"model": (3, 4)}).get_ylim()[0] == 0
    assert plotting.lines((1, 2), {"model": (3, 4)}, ylim=(2, 5)).get_ylim() == (2, 5)


def test_measured_values_are_dots_and_the_truth_is_black() -> None:
    t, x = torch.arange(4.0), torch.tensor([1.0, float("nan"), 2.0, 3.0])
    axis = plotting.measured(t, x, {"network": t, "truth": 2 * t, "filter": 3 * t})
    dots, network, truth, other = axis.lines
    assert dots.get_linestyle() == "None"
    np.testing.assert_array_equal(dots.get_ydata(), x)
    np.testing.assert_array_equal(truth.get_ydata(), 2 * t)
    assert [line.get_color() for line in (network, truth, other)] == [plotting.MODEL, plotting.TRUTH, plotting.BASELINE]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["measured", "network", "truth", "filter"]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plotting.image_grid(torch.rand(3, 15)), r"side \* side\), got \(3, 15\)"),
        (lambda: plotting.image_grid(torch.rand(3, 4, 4, 1)), r"got \(3, 4, 4, 1\)"),
        (lambda: plotting.image_grid(torch.rand(4, 16), 2, rows=("one",)), "1 row names for 2 rows"),
        (lambda: plotting.reconstructions(torch.rand(3, 16), {"AE": torch.rand(2, 16)}), r"AE has shape \(2, 16\)"),
        (lambda: plotting.latent_map(torch.rand(11, 2), torch.arange(11)), "11 different labels, at most 10"),
        (lambda: plotting.lines((1, 2), {name: (1, 2) for name in "abcd"}), "one to three curves, got 4"),
        (lambda: plotting.measured(torch.rand(4), torch.rand(3), {}), r"x has shape \(3,\), the grid \(4,\)"),
        (lambda: plotting.measured(torch.rand(4), torch.rand(4), {"a": torch.rand(5)}), r"a has shape \(5,\)"),
        (
            lambda: plotting.measured(torch.rand(4), torch.rand(4), dict.fromkeys("abc", torch.rand(4))),
            "at most two other",
        ),
        (lambda: plotting.latent_map(torch.rand(3, 3), torch.zeros(3)), r"\(n, 2\), got \(3, 3\)"),
        (lambda: plotting.latent_map(torch.rand(3, 2), torch.zeros(4)), "4 labels for 3 codes"),
    ],
)
def test_wrong_shapes_are_named(draw, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw()
