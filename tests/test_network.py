"""The network in the page against torch: js/network.js in node, for every layer and for random nested networks."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import pytest
import torch
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from course_utils.models import Oscillation, mlp
from course_utils.widgets.network import TOLERANCE, export, latent_size
from course_utils.widgets.storage import round_rows
from tests.javascript import javascript

Run = Callable[[list, Tensor], Tensor]


@pytest.fixture(scope="module")
def page() -> Iterator[Run]:
    """Runs exported networks as the page does."""
    with javascript("run_network.mjs") as ask:
        yield lambda network, codes: torch.tensor(ask({"network": network, "codes": codes.tolist()}))


def codes(k: int, n: int = 32, seed: int = 1) -> Tensor:
    return 3 * torch.randn(n, k, generator=torch.Generator().manual_seed(seed))


def rounding_of_torch(network: nn.Module, z: Tensor) -> float:
    """How far torch's own 32-bit numbers are from its 64-bit ones, as a share of the output range."""
    with torch.no_grad():
        found, exact = network(z), copy.deepcopy(network).double()(z.double())
    return ((found - exact).abs().max() / (exact.max() - exact.min()).clamp(min=1e-300)).item()


def deviation(page: Run, network: nn.Module, storage: str, k: int) -> float:
    """Largest difference between page and torch, as a share of the output range, at codes that were held out."""
    z = codes(k, seed=2)
    with torch.no_grad():
        wanted = network(z.clone()).flatten(1)
    exported = export(network, codes(k), z, storage)
    found = page(exported.layers, z)
    assert found.shape == wanted.shape
    spread = (wanted.max() - wanted.min()).item() or wanted.abs().max().item() or 1.0
    return (found - wanted).abs().max().item() / spread


def trained(norm: nn.Module) -> nn.Module:
    """Statistics and weights as after a training."""
    with torch.no_grad():
        for values in (norm.running_mean, norm.weight, norm.bias):
            values.normal_() if values is not None else None
        norm.running_var.uniform_(0.3, 3)
    return norm


def image(channels: int, h: int = 5, w: int = 4) -> list[nn.Module]:
    """From six numbers to a small picture."""
    return [nn.Linear(6, channels * h * w), nn.Unflatten(1, (channels, h, w))]


LAYERS: dict[str, Callable[[], list[nn.Module]]] = {
    "Linear": lambda: [nn.Linear(6, 9)],
    "Oscillation": lambda: [nn.Linear(6, 3), Oscillation(torch.linspace(0, 5, 20), (0.7, 0.4, 0.1), (0.05, 0.01, 0.1))],
    "Linear without bias": lambda: [nn.Linear(6, 9, bias=False)],
    "Linear on rows": lambda: [nn.Unflatten(1, (3, 2)), nn.Linear(2, 5)],
    "Conv2d": lambda: [*image(3), nn.Conv2d(3, 4, 3)],
    "Conv2d, stride, padding": lambda: [*image(3), nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 2), bias=False)],
    "Conv2d, dilation": lambda: [*image(2, 7, 8), nn.Conv2d(2, 3, 3, dilation=(2, 3), padding=1)],
    "Conv2d, groups": lambda: [*image(4), nn.Conv2d(4, 6, 3, groups=2)],
    "Conv2d, same, even kernel": lambda: [*image(2), nn.Conv2d(2, 3, (4, 2), padding="same")],
    "Conv2d, valid": lambda: [*image(2), nn.Conv2d(2, 3, 2, padding="valid")],
    "ConvTranspose2d": lambda: [*image(3), nn.ConvTranspose2d(3, 4, 3)],
    "ConvTranspose2d, stride, padding": lambda: [
        *image(3), nn.ConvTranspose2d(3, 2, 4, stride=(2, 3), padding=(1, 2), output_padding=(1, 0))],
    "ConvTranspose2d, dilation": lambda: [*image(2), nn.ConvTranspose2d(2, 3, (3, 2), dilation=(2, 3), bias=False)],
    "ConvTranspose2d, groups": lambda: [*image(4), nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2)],
    "BatchNorm1d": lambda: [nn.Linear(6, 5), trained(nn.BatchNorm1d(5))],
    "BatchNorm1d on sequences": lambda: [nn.Linear(6, 15), nn.Unflatten(1, (5, 3)), trained(nn.BatchNorm1d(5))],
    "BatchNorm2d": lambda: [*image(3), trained(nn.BatchNorm2d(3))],
    "BatchNorm2d, not affine": lambda: [*image(3), trained(nn.BatchNorm2d(3, affine=False))],
    "Flatten": lambda: [*image(3), nn.Flatten(), nn.Linear(60, 2)],
    "Unflatten": lambda: [nn.Unflatten(1, (2, 3))],
    "ReLU": lambda: [nn.Linear(6, 9), nn.ReLU()],
    "ReLU in place": lambda: [nn.ReLU(inplace=True), nn.Linear(6, 9), nn.ReLU(inplace=True)],
    "LeakyReLU": lambda: [nn.Linear(6, 9), nn.LeakyReLU(0.2)],
    "ELU": lambda: [nn.Linear(6, 9), nn.ELU(1.7)],
    "Tanh": lambda: [nn.Linear(6, 9), nn.Tanh()],
    "Sigmoid": lambda: [nn.Linear(6, 9), nn.Sigmoid()],
    "Softplus": lambda: [nn.Linear(6, 9), nn.Softplus(2, 3)],
    "Identity": lambda: [nn.Identity(), nn.Linear(6, 9)],
    "Dropout": lambda: [nn.Dropout(0.5), nn.Linear(6, 9)],
    "nested Sequential": lambda: [nn.Sequential(nn.Sequential(nn.Linear(6, 5)), nn.ELU()), nn.Linear(5, 2)],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS)
def test_a_layer_gives_what_torch_gives(page: Run, layers: Callable[[], list[nn.Module]]) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(*layers()).eval()
    assert deviation(page, network, "float32", 6) <= 1e-5
    assert deviation(page, network, "int8", 6) <= TOLERANCE
    assert export(network, codes(6), codes(6, seed=2)).storage == "int8"


ACTIVATIONS = (
    nn.ReLU, nn.LeakyReLU, nn.ELU, nn.Tanh, nn.Sigmoid, nn.Softplus, nn.Identity, nn.Dropout,
)  # fmt: skip


@st.composite
def networks(draw: st.DrawFn) -> nn.Sequential:
    """Random stacks: linear layers, perhaps convolutions either way, perhaps linear layers again, nested at random."""
    torch.manual_seed(draw(st.integers(0, 2**31)))
    k = draw(st.integers(1, 4))
    small, activation = st.integers(1, 4), st.sampled_from(ACTIVATIONS)
    c, h, w = draw(small), draw(st.integers(3, 6)), draw(st.integers(3, 6))
    hidden = draw(st.integers(1, 24))
    layers: list[nn.Module] = [nn.Linear(k, hidden), draw(activation)(), nn.Linear(hidden, c * h * w)]
    if draw(st.booleans()):
        layers.append(trained(nn.BatchNorm1d(c * h * w)))
    if draw(st.booleans()):
        layers.append(nn.Unflatten(1, (c, h, w)))
        for _ in range(draw(st.integers(1, 2))):
            conv, out = draw(st.sampled_from((nn.Conv2d, nn.ConvTranspose2d))), draw(small)
            options = {
                "stride": draw(st.integers(1, 2)),
                "padding": draw(st.integers(0, 1)),
                "bias": draw(st.booleans()),
            }
            layers += [conv(c, out, (draw(st.integers(1, 2)), draw(st.integers(1, 3))), **options)]
            layers += [trained(nn.BatchNorm2d(out)), draw(activation)()]
            c = out
        layers.append(nn.Flatten())
        try:
            with torch.no_grad():
                size = nn.Sequential(*layers).eval()(torch.zeros(1, k)).shape[1]
        except RuntimeError:  # the kernel is larger than what is left of the picture
            reject()
        layers.append(nn.Linear(size, draw(small)))
    layers.append(draw(activation)())
    cut = draw(st.integers(0, len(layers)))
    return nn.Sequential(*layers[:cut], nn.Sequential(*layers[cut:])).eval()


@settings(max_examples=200, deadline=None)
@given(network=networks())
def test_a_random_network_gives_what_torch_gives(page: Run, network: nn.Sequential) -> None:
    k = latent_size(network)
    assume(rounding_of_torch(network, codes(k, seed=2)) <= 1e-6)
    assert deviation(page, network, "float32", k) <= 1e-5
    assert deviation(page, network, "int8", k) <= TOLERANCE


def test_the_error_that_is_stated_is_the_error_of_the_page(page: Run) -> None:
    torch.manual_seed(0)
    network = mlp(2, 128, 256, 784).eval()
    z = codes(2, 200, seed=2)
    exported = export(network, codes(2, 200), z)
    assert exported.storage == "int8"
    with torch.no_grad():
        wanted = network(z)
    largest = (page(exported.layers, z) - wanted).abs().max() / (wanted.max() - wanted.min())
    assert exported.error == pytest.approx(largest.item(), rel=1e-3)


def test_a_network_that_bytes_would_spoil_is_stored_in_full(page: Run) -> None:
    """Two large weights cancel each other: what is left is less than a byte can tell."""
    network = nn.Sequential(nn.Linear(2, 1, bias=False)).eval()
    network[0].weight.data = torch.tensor([[1.0, -1.001]])
    z = codes(1, 50).repeat(1, 2)
    exported = export(network, z, z)
    assert exported.storage == "float32"
    assert exported.error <= 1e-5
    with torch.no_grad():
        assert torch.allclose(page(exported.layers, z), network(z), atol=1e-5)


def test_rounding_with_inputs_costs_less_than_rounding_each_weight() -> None:
    generator = torch.Generator().manual_seed(0)
    matrix = torch.randn(64, 128, generator=generator)
    inputs = torch.randn(500, 3, generator=generator) @ torch.randn(3, 128, generator=generator)
    errors = []
    for q, scale in (round_rows(matrix, inputs), round_rows(matrix)):
        assert q.dtype == torch.int8
        assert q.abs().max() == 127
        errors.append(((q * scale - matrix) @ inputs.T).abs().max())
    assert errors[0] < errors[1] / 4


@pytest.mark.parametrize("layer", [nn.Conv2d(16, 8, 3, padding=1), nn.ConvTranspose2d(16, 8, 4, stride=2)], ids=repr)
def test_convolutions_are_rounded_with_what_they_meet(monkeypatch: pytest.MonkeyPatch, layer: nn.Module) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Unflatten(1, (16, 5, 5)), layer).eval()
    pictures = torch.randn(2, 16, 1).repeat(1, 1, 25).flatten(1)
    z, held_out = codes(2, 200) @ pictures, codes(2, 200, seed=2) @ pictures
    with_inputs = export(network, z, held_out).error
    monkeypatch.setattr("course_utils.widgets.storage.round_rows", lambda matrix, inputs: round_rows(matrix))
    assert with_inputs < 0.8 * export(network, z, held_out).error


def test_the_error_is_measured_at_codes_that_did_not_guide_the_rounding() -> None:
    torch.manual_seed(0)
    network = mlp(6, 24, 30).eval()
    far = export(network, codes(6), 5 * codes(6, seed=2))
    assert far.error != export(network, codes(6), codes(6)).error


def test_every_row_has_a_scale_of_its_own() -> None:
    matrix = torch.randn(5, 40) * torch.logspace(-3, 3, 5)[:, None]
    q, scale = round_rows(matrix)
    assert q.abs().amax(1).tolist() == [127] * 5
    assert ((q * scale - matrix).abs() <= scale / 2 * 1.001).all()


def test_a_row_of_zeros_stays_zero() -> None:
    q, scale = round_rows(torch.zeros(2, 3), torch.zeros(4, 3))
    assert (q * scale == 0).all()


def test_the_network_is_left_as_it_was() -> None:
    network = nn.Sequential(nn.Linear(2, 8), nn.Sigmoid()).eval()
    before = network[0].weight.clone()
    state = torch.get_rng_state()
    export(network, codes(2), codes(2))
    assert torch.equal(network[0].weight, before)
    assert torch.equal(torch.get_rng_state(), state)


class Decoder(nn.Module):
    def forward(self, z: Tensor) -> Tensor:
        return z


class Doubled(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return 2 * super().forward(x)


def hooked() -> nn.Module:
    layer = nn.Linear(2, 2)
    layer.register_forward_hook(lambda module, args, output: 2 * output)
    return layer


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (nn.GELU(), "GELU"),
        (nn.LSTM(2, 2), "LSTM"),
        (Decoder(), "Decoder"),
        (Doubled(2, 2), "Doubled"),
        (hooked(), "Linear"),
        (nn.utils.parametrizations.weight_norm(nn.Linear(2, 2)), "ParametrizedLinear"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unsupported_layer_is_named_with_those_that_are_supported(layer: nn.Module, name: str) -> None:
    with pytest.raises(
        TypeError, match=rf"^{name} cannot run in the page.*Linear, Conv2d, ConvTranspose2d.*Sequential"
    ):
        export(nn.Sequential(nn.Linear(2, 2), nn.Sequential(layer)).eval(), codes(2), codes(2))


def test_padding_with_anything_but_zeros_is_refused() -> None:
    with pytest.raises(TypeError, match="padding_mode='reflect'"):
        export(
            nn.Sequential(*image(2), nn.Conv2d(2, 2, 3, padding=1, padding_mode="reflect")).eval(), codes(6), codes(6)
        )


def spoiled(value: float) -> nn.Module:
    network = nn.Sequential(nn.Linear(2, 3)).eval()
    network[0].weight.data[1, 1] = value
    return network


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (spoiled(float("nan")), r"NaN or infinite values: 1 of 6 in 0\.weight"),
        (spoiled(float("inf")), r"NaN or infinite values: 1 of 6 in 0\.weight"),
        (nn.Sequential(nn.Linear(2, 3)), r"training mode: call decoder\.eval\(\)"),
        (nn.Sequential(nn.Linear(2, 3), nn.Dropout().train()).eval().append(nn.Dropout()), "training mode"),
        (nn.Sequential(nn.Linear(2, 3, device="meta")).eval(), r"on meta: .*call decoder\.cpu\(\)"),
        (nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3, track_running_stats=False)).eval(), "no running statistics"),
        (nn.Sequential(nn.Linear(2, 3), nn.Flatten(0)).eval(), "mixes the examples"),
    ],
    ids=["NaN", "infinite", "training", "a part in training", "not on the CPU", "batch statistics", "flattened batch"],
)
def test_a_network_that_the_page_cannot_run_truly_is_refused(network: nn.Module, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        export(network, codes(2), codes(2))
