"""The explorers as Python objects: what they hold, what they refuse."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from ipywidgets.embed import dependency_state
from torch import nn

from course_utils.models import mlp
from course_utils.widgets import Curve, FrameExplorer, Image, LatentExplorer
from course_utils.widgets.assets import FOLDER, bundle
from tests.conftest import node
from tests.embed import embedded

WAVELENGTHS = torch.linspace(360, 720, 12)


@pytest.fixture(autouse=True)
def close_figures() -> None:
    yield
    plt.close("all")


def decoder(k: int = 2, d: int = 12) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(mlp(k, 8, d), nn.Sigmoid()).eval()


def state(explorer: ipywidgets.VBox) -> dict:
    """What the explorer's canvas sends to the page."""
    return explorer.children[0].get_state()


def links(explorer: ipywidgets.VBox) -> list[tuple[str, str]]:
    found = [
        m["state"] for m in dependency_state(explorer, drop_defaults=False).values() if m["model_name"] == "LinkModel"
    ]
    return [(link["source"][1], link["target"][1]) for link in found]


def test_every_dimension_has_a_slider_that_is_linked_without_a_kernel() -> None:
    explorer = LatentExplorer(decoder(3), Image(3, 4), limits=(-2, 1))
    assert [(s.description, s.min, s.max, s.value) for s in explorer.sliders] == [
        (name, -2, 1, -0.5) for name in ("z₁", "z₂", "z₃")
    ]
    assert sorted(links(explorer)) == [("value", "z0"), ("value", "z1"), ("value", "z2")]
    assert explorer.z.tolist() == [-0.5] * 3


def test_codes_give_the_limits_the_start_and_a_map() -> None:
    codes = torch.tensor([[0.0, -1.0], [2.0, 1.0], [1.0, 3.0]])
    explorer = LatentExplorer(decoder(), Image(3, 4), codes=codes, labels=torch.tensor([4, 4, 7]))
    assert [(s.min, s.max) for s in explorer.sliders] == [pytest.approx((-0.1, 2.1)), pytest.approx((-1.2, 3.2))]
    assert explorer.z.tolist() == pytest.approx([1, 1])
    sent = state(explorer)["map"]
    assert np.frombuffer(base64.b64decode(sent["codes"]), "<f4").tolist() == codes.flatten().tolist()
    assert [sent["groups"][int(label)]["name"] for label in sent["labels"]] == ["4", "4", "7"]
    assert sent["groups"][1]["at"] == [1, 3]


def test_a_map_has_a_thousand_dots_at_most() -> None:
    explorer = LatentExplorer(decoder(), Image(3, 4), codes=torch.randn(2500, 2))
    assert len(state(explorer)["map"]["labels"]) == 834
    assert len(base64.b64decode(state(explorer)["map"]["codes"])) == 834 * 2 * 4


def test_there_is_no_map_of_three_dimensions() -> None:
    assert state(LatentExplorer(decoder(3), Image(3, 4), codes=torch.randn(5, 3)))["map"] == {}


def test_a_code_that_never_moves_still_has_a_slider() -> None:
    explorer = LatentExplorer(decoder(), Image(3, 4), codes=torch.tensor([[0.0, 2.0], [1.0, 2.0]]))
    assert (explorer.sliders[1].min, explorer.sliders[1].max) == (1.5, 2.5)


def test_the_first_start_is_where_the_sliders_stand() -> None:
    starts = {"a 3": torch.tensor([1.0, -1.0]), "a 5": torch.tensor([0.0, 2.0])}
    explorer = LatentExplorer(decoder(), Image(3, 4), starts=starts)
    assert explorer.z.tolist() == pytest.approx([0.99, -0.99])  # a step is 0.03
    assert [start["name"] for start in state(explorer)["starts"]] == ["a 3", "a 5"]
    assert state(explorer)["starts"][1]["z"] == pytest.approx([0, 2.01])


def test_chosen_dimensions_move_and_the_others_stay() -> None:
    start = torch.arange(20) / 10
    explorer = LatentExplorer(decoder(20), Image(3, 4), dims=(7, 2), starts={"here": start}, names=("size", "ink"))
    assert [s.description for s in explorer.sliders] == ["size", "ink"]
    explorer.sliders[0].value = -1
    wanted = start.clone()
    wanted[2] = 0.21  # on a step of 0.03
    wanted[7] = -1
    assert torch.allclose(explorer.z, wanted)


def test_curves_have_room_for_everything_the_sliders_can_show() -> None:
    explorer = LatentExplorer(decoder(), Curve(WAVELENGTHS, "nm", name="wavelength", value="flux"))
    sent = state(explorer)["output"]
    assert (sent["xlabel"], sent["ylabel"]) == ("wavelength (nm)", "flux")
    z = 6 * torch.rand(500, 2) - 3
    curves = decoder()(z)
    assert sent["low"] < curves.min()
    assert sent["high"] > curves.max()


def test_the_sheet_of_two_dimensions_is_a_plane() -> None:
    network = nn.Sequential(nn.Linear(2, 2)).eval()
    network[0].weight.data, network[0].bias.data = torch.eye(2), torch.zeros(2)
    figure = LatentExplorer(network, Image(1, 2), limits=(0, 1)).contact_sheet(title="Plane")
    pictures = torch.tensor([axis.images[0].get_array().tolist() for axis in figure.axes]).reshape(9, 9, 2)
    assert torch.allclose(pictures[0, 0], torch.tensor([0.0, 1.0]))  # top left: first low, second high
    assert torch.allclose(pictures[8, 8], torch.tensor([1.0, 0.0]))
    assert (figure.get_suptitle(), figure.get_supxlabel(), figure.get_supylabel()) == ("Plane", "z₁ →", "z₂ →")


def test_the_sheet_of_other_dimensions_walks_each_alone() -> None:
    start = torch.tensor([0.5, 0.25, 0.0])
    network = nn.Sequential(nn.Identity(), nn.Linear(3, 3, bias=False)).eval()
    network[1].weight.data = torch.eye(3)
    figure = LatentExplorer(network, Image(1, 3), limits=(0, 1), starts={"s": start}).contact_sheet()
    pictures = torch.tensor([axis.images[0].get_array().tolist() for axis in figure.axes]).reshape(3, 7, 3)
    for row in range(3):
        moved = pictures[row] - start
        moved[:, row] = 0
        assert moved.abs().max() < 1e-6
        assert torch.allclose(pictures[row, :, row], torch.linspace(0, 1, 7))


def test_the_sheet_of_a_curve_has_an_axes_for_each_dimension() -> None:
    figure = LatentExplorer(decoder(3), Curve(WAVELENGTHS, "nm")).contact_sheet(title="Walks")
    assert [axis.get_title("left") for axis in figure.axes if axis.get_visible()] == [
        f"{z}: low orange, high blue" for z in ("z₁", "z₂", "z₃")
    ]
    assert len(figure.axes[0].lines) == 7


def test_later_training_does_not_change_an_explorer() -> None:
    network = decoder()
    explorer = LatentExplorer(network, Image(3, 4))
    before = explorer.contact_sheet().axes[0].images[0].get_array()
    network[0][0].weight.data.add_(1)
    assert (explorer.contact_sheet().axes[0].images[0].get_array() == before).all()


def test_an_explorer_leaves_the_generator_alone() -> None:
    network = decoder()
    before = torch.get_rng_state()
    LatentExplorer(network, Image(3, 4)).contact_sheet()
    assert torch.equal(torch.get_rng_state(), before)


def test_an_empty_set_of_starts_is_none() -> None:
    explorer = LatentExplorer(decoder(), Image(3, 4), starts={})
    assert explorer.z.tolist() == [0, 0]
    assert state(explorer)["starts"] == []


def test_whatever_holds_numbers_will_do() -> None:
    codes, labels = [[0.0, -1.0], [2.0, 1.0]], [4, 7]
    forms = [
        (codes, labels),
        (np.array(codes), np.array(labels)),
        (torch.tensor(codes, requires_grad=True).double(), labels),
    ]
    maps = [state(LatentExplorer(decoder(), Image(np.int64(3), 4), codes=c, labels=kinds))["map"] for c, kinds in forms]
    assert maps[0] == maps[1] == maps[2]
    chosen = LatentExplorer(decoder(5), Image(3, 4), dims=torch.tensor([3, 1]))
    assert [slider.description for slider in chosen.sliders] == ["z₄", "z₂"]
    output = Image(3, 4, torch.tensor(0.0), torch.tensor(2.0))
    assert state(LatentExplorer(decoder(), output))["output"]["high"] == 2


def test_codes_beyond_the_limits_are_not_on_the_map() -> None:
    codes = torch.tensor([[0.0, 0.0], [5.0, 0.0], [0.5, -0.5]])
    explorer = LatentExplorer(decoder(), Image(3, 4), codes=codes, labels=torch.tensor([1, 2, 3]), limits=(-1, 1))
    sent = state(explorer)["map"]
    assert [group["name"] for group in sent["groups"]] == ["1", "3"]
    assert sent["labels"] == "01"


def test_small_steps_are_shown_with_more_decimals() -> None:
    explorer = LatentExplorer(decoder(), Image(3, 4), limits=[(-0.01, 0.01), (-3, 3)])
    assert [slider.readout_format for slider in explorer.sliders] == [".4f", ".2f"]
    assert state(explorer)["digits"] == [4, 2]


def test_an_axis_keeps_its_digits() -> None:
    days = 2459000.5 + torch.arange(12, dtype=torch.float64) / 100
    assert state(LatentExplorer(decoder(), Curve(days, "d")))["output"]["t"] == pytest.approx(days.tolist(), abs=1e-6)


@pytest.mark.parametrize("k", [2, 4])
def test_a_curve_has_room_at_the_ends_of_all_sliders(k: int) -> None:
    torch.manual_seed(0)
    network = mlp(k, 32, 40).eval()
    output = state(LatentExplorer(network, Curve(torch.linspace(0, 1, 40))))["output"]
    corners = 6 * torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * k) - 3
    with torch.no_grad():
        curves = network(corners)
    assert output["low"] < curves.min() < curves.max() < output["high"]


@pytest.mark.parametrize("shape", [(300, 1), (1, 300), (2, 32)])
def test_very_flat_and_very_tall_pictures_have_a_sheet(shape: tuple[int, int]) -> None:
    pictures = [torch.rand(shape) for _ in range(3)]
    for explorer in (
        LatentExplorer(decoder(2, shape[0] * shape[1]), Image(*shape)),
        FrameExplorer(pictures, "abc", name="n", alt="Noise"),
    ):
        width, height = explorer.contact_sheet(title="Noise").get_size_inches()
        assert 0.5 < height < 30
        assert width == pytest.approx(5.4)


def travels(explorer: LatentExplorer) -> bytes:
    """What a page holds of an explorer."""
    return json.dumps(embedded(explorer)["manager_state"]).encode()


def test_an_explorer_of_mnist_size_adds_at_most_350_kB_to_a_page() -> None:
    """By itself; with a map and ten starts, as it travels."""
    network, codes = mlp(2, 128, 256, 784).eval(), torch.randn(450, 2)
    explorer = LatentExplorer(network, Image(28, 28))
    assert b'"int8"' in travels(explorer)
    assert len(travels(explorer)) <= 350_000
    starts = {f"a {digit}": codes[digit] for digit in range(10)}
    whole = LatentExplorer(network, Image(28, 28), codes=codes, labels=torch.arange(450) % 10, starts=starts)
    assert len(gzip.compress(travels(whole))) <= 350_000


@pytest.mark.parametrize("name", ["latent.js", "frames.js"])
def test_a_bundle_is_one_module_that_can_render(tmp_path: Path, name: str) -> None:
    (tmp_path / "bundle.mjs").write_text(bundle(name), encoding="utf-8")
    question = f"import m from {json.dumps((tmp_path / 'bundle.mjs').as_uri())}; console.log(typeof m.render)"
    answer = subprocess.run([node(), "--input-type=module", "-e", question], capture_output=True, text=True)
    assert answer.stdout == "function\n", answer.stderr


def test_the_javascript_can_be_read_in_one_sitting() -> None:
    for path in FOLDER.iterdir():
        assert len(path.read_text("utf-8").splitlines()) <= 160, path.name


CODES = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
BAD: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "unsupported layer": (
        lambda: LatentExplorer(nn.Sequential(nn.Linear(2, 12), nn.GELU()).eval(), Image(3, 4)), TypeError, "GELU cannot run"),
    "not a network": (lambda: LatentExplorer(lambda z: z, Image(3, 4)), TypeError, "function cannot run in the page"),
    "not an output": (lambda: LatentExplorer(decoder(), (3, 4)), TypeError, r"Image\(h, w\) or Curve\(t, unit\), got tuple"),
    "output that does not fit": (
        lambda: LatentExplorer(decoder(), Image(28, 28)), ValueError, r"gives 12 numbers for a code, but Image\(28, 28\) has 784"),
    "curve that does not fit": (
        lambda: LatentExplorer(decoder(), Curve(torch.arange(5.0))), ValueError, "12 numbers.*Curve of 5 points has 5"),
    "NaN weights": (lambda: LatentExplorer(spoiled(), Image(3, 4)), ValueError, "NaN or infinite values: 1 of 16"),
    "overflow": (
        lambda: LatentExplorer(decoder()[0], Image(3, 4), limits=(-3e38, 3e38)), ValueError, "choose narrower limits"),
    "training mode": (lambda: LatentExplorer(decoder().train(), Image(3, 4)), ValueError, r"call decoder.eval\(\)"),
    "on another device": (lambda: LatentExplorer(decoder().to("meta"), Image(3, 4)), ValueError, r"call decoder.cpu\(\)"),
    "seventeen dimensions": (
        lambda: LatentExplorer(decoder(17), Image(3, 4)), ValueError, r"17 latent dimensions.*at most 16.*dims=\(0, 1, 2\)"),
    "a dimension that is not there": (lambda: LatentExplorer(decoder(), Image(3, 4), dims=(0, 2)), ValueError, "from 0 to 1"),
    "a dimension twice": (lambda: LatentExplorer(decoder(), Image(3, 4), dims=(1, 1)), ValueError, "different"),
    "limits the wrong way": (lambda: LatentExplorer(decoder(), Image(3, 4), limits=(3, -3)), ValueError, "low < high"),
    "limits that are NaN": (lambda: LatentExplorer(decoder(), Image(3, 4), limits=(float("nan"), 1)), ValueError, "low < high"),
    "limits for three": (lambda: LatentExplorer(decoder(), Image(3, 4), limits=[(0, 1)] * 3), ValueError, "or 2 of them"),
    "limits that are words": (lambda: LatentExplorer(decoder(), Image(3, 4), limits="wide"), ValueError, "one pair.*wide"),
    "limits of uneven length": (lambda: LatentExplorer(decoder(), Image(3, 4), limits=[(0, 1), (2,)]), ValueError, "one pair"),
    "one limit": (lambda: LatentExplorer(decoder(), Image(3, 4), limits=3.0), ValueError, "one pair"),
    "codes that do not fit": (lambda: LatentExplorer(decoder(), Image(3, 4), codes=torch.zeros(4, 3)), ValueError, r"\(n, 2\)"),
    "codes that are NaN": (lambda: LatentExplorer(decoder(), Image(3, 4), codes=CODES / 0), ValueError, "finite"),
    "no codes": (lambda: LatentExplorer(decoder(), Image(3, 4), codes=torch.zeros(0, 2)), ValueError, r"\(0, 2\)"),
    "codes that are words": (lambda: LatentExplorer(decoder(), Image(3, 4), codes="all"), TypeError, "codes must be a tensor"),
    "labels in a column": (
        lambda: LatentExplorer(decoder(), Image(3, 4), codes=CODES, labels=torch.tensor([[1], [2]])), ValueError, r"\(2, 1\)"),
    "dims that are no whole numbers": (lambda: LatentExplorer(decoder(), Image(3, 4), dims=[1.0, 0.0]), ValueError, "whole"),
    "one dim without brackets": (lambda: LatentExplorer(decoder(), Image(3, 4), dims=1), ValueError, "different whole numbers"),
    "starts without names": (lambda: LatentExplorer(decoder(), Image(3, 4), starts=[CODES[0]]), TypeError, "mapping of names"),
    "a start that is a word": (
        lambda: LatentExplorer(decoder(), Image(3, 4), starts={"s": "here"}), TypeError, "start 's' must be a tensor"),
    "a batch that is flattened": (
        lambda: LatentExplorer(nn.Sequential(nn.Linear(2, 12), nn.Flatten(0)).eval(), Image(3, 4)),
        ValueError, "does it flatten the batch"),
    "unknown shape": (
        lambda: LatentExplorer(nn.Sequential(nn.Unflatten(1, (-1, 1, 1)), nn.Flatten()).eval(), Image(1, 2)),
        ValueError, "pass codes"),
    "infinite paper": (lambda: Image(3, 4, low=-float("inf")), ValueError, "both finite"),
    "labels that do not fit": (
        lambda: LatentExplorer(decoder(), Image(3, 4), codes=CODES, labels=torch.zeros(3)), ValueError, "labels must be 2 whole numbers"),
    "labels without codes": (
        lambda: LatentExplorer(decoder(), Image(3, 4), labels=torch.zeros(3)), ValueError, "labels must be 0 whole numbers"),
    "eleven labels": (
        lambda: LatentExplorer(decoder(), Image(3, 4), codes=torch.rand(11, 2), labels=torch.arange(11)), ValueError, "at most 10"),
    "start outside": (
        lambda: LatentExplorer(decoder(), Image(3, 4), starts={"far": [9.0, 0.0]}), ValueError, "'far' must be 2 numbers.*-3 to 3"),
    "start of another size": (
        lambda: LatentExplorer(decoder(), Image(3, 4), starts={"s": [0.0]}), ValueError, "must be 2 numbers"),
    "names that do not fit": (lambda: LatentExplorer(decoder(), Image(3, 4), names=("x",)), ValueError, "1 names for 2 sliders"),
    "unknown size": (
        lambda: LatentExplorer(nn.Sequential(nn.Tanh()).eval(), Image(1, 2)), ValueError, "from its first layer: pass codes"),
    "convolution of a code": (
        lambda: LatentExplorer(nn.Sequential(nn.ConvTranspose2d(2, 1, 3)).eval(), Image(3, 3), codes=CODES),
        ValueError, r"cannot decode codes of shape \(512, 2\)"),
    "no pixels": (lambda: Image(0, 4), ValueError, "whole numbers of at least 1, got 0"),
    "no ink": (lambda: Image(2, 2, low=1.0, high=1.0), ValueError, "low must be less than high"),
    "a curve that runs back": (lambda: Curve(torch.tensor([0.0, 2.0, 1.0])), ValueError, "increasing"),
    "a curve that is NaN": (lambda: Curve(torch.tensor([0.0, float("nan")])), ValueError, "finite"),
    "one frame": (lambda: FrameExplorer(torch.rand(1, 2, 2), ["a"], name="n", alt="a"), ValueError, "at least two"),
    "labels for other frames": (lambda: FrameExplorer(torch.rand(2, 2, 2), ["a"], name="n", alt="a"), ValueError, "2 frames"),
    "a label twice": (lambda: FrameExplorer(torch.rand(2, 2, 2), ["a", "a"], name="n", alt="a"), ValueError, "of its own"),
    "frames that are NaN": (
        lambda: FrameExplorer([torch.zeros(2, 2), torch.zeros(2, 2) / 0], ["a", "b"], name="n", alt="a"), ValueError, "finite"),
    "frames of two shapes": (
        lambda: FrameExplorer([torch.zeros(2, 2), torch.zeros(2, 3)], ["a", "b"], name="n", alt="a"), ValueError, r"\(2, 3\)"),
    "frames of bytes": (
        lambda: FrameExplorer(torch.zeros(2, 2, 2, dtype=torch.uint8), "ab", name="n", alt="a"), TypeError, "divide bytes by 255"),
    "frames of two kinds": (
        lambda: FrameExplorer([torch.zeros(2, 2), plt.figure()], "ab", name="n", alt="a"), TypeError, "Figure, Tensor"),
    "figures of two sizes": (
        lambda: FrameExplorer([plt.figure(figsize=(2, 2)), plt.figure(figsize=(4, 1))], "ab", name="n", alt="a"),
        ValueError, "one size"),
    "frames of another kind": (lambda: FrameExplorer(["x", "y"], ["a", "b"], name="n", alt="a"), TypeError, "got str"),
}  # fmt: skip


def spoiled() -> nn.Module:
    network = decoder()
    network[0][0].weight.data[0, 0] = float("nan")
    return network


@pytest.mark.parametrize(("make", "error", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], object], error: type[Exception], message: str
) -> None:
    opened = []
    monkeypatch.setattr(ipywidgets.Widget, "open", lambda self: opened.append(self))
    with pytest.raises(error, match=message):
        make()
    assert opened == []


def test_frames_are_pictures_by_label() -> None:
    pictures = torch.rand(3, 4, 5)
    explorer = FrameExplorer(pictures.numpy(), ["0", "5", "10"], name="epoch", alt="Noise")
    assert explorer.slider.options == ("0", "5", "10")
    assert links(explorer) == [("index", "index")]
    sent = state(explorer)
    assert (sent["labels"][2], sent["alt"], sent["pixelated"]) == ("epoch 10", "Noise", True)
    ink = 1 - torch.tensor(explorer._pictures()[1][..., 0])
    assert (ink - pictures[1]).abs().max() <= 1.5 / 255


def test_figures_can_be_frames_and_are_closed() -> None:
    figures = [plt.figure(figsize=(2, 1)) for _ in range(2)]
    explorer = FrameExplorer(figures, ["a", "b"], name="step", alt="Nothing")
    assert plt.get_fignums() == []
    assert explorer._pictures()[0].shape[:2] == (100, 200)
    assert not state(explorer)["pixelated"]


def test_the_sheet_of_many_frames_shows_six_from_first_to_last() -> None:
    explorer = FrameExplorer(torch.rand(11, 4, 4), range(11), name="epoch", alt="Noise")
    titles = [axis.get_title("left") for axis in explorer.contact_sheet().axes if axis.images]
    assert titles == [f"epoch {epoch}" for epoch in (0, 2, 4, 6, 8, 10)]
