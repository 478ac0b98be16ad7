import pytest
import torch
from torch import nn

from course_utils.models import Autoencoder, find_code, latent_direction, mlp


def test_an_mlp_has_a_kink_between_layers_and_none_at_the_end() -> None:
    layers = list(mlp(64, 32, 16, 2))
    assert [type(layer) for layer in layers] == [nn.Linear, nn.ELU, nn.Linear, nn.ELU, nn.Linear]
    assert [(layer.in_features, layer.out_features) for layer in layers[::2]] == [(64, 32), (32, 16), (16, 2)]


def test_an_autoencoder_returns_the_shape_that_it_was_given() -> None:
    model, x = Autoencoder(64, 3, hidden=(32,)), torch.rand(5, 64)
    assert model.encoder(x).shape == (5, 3)
    assert torch.equal(model(x), model.decoder(model.encoder(x)))
    assert model(x).shape == x.shape


def test_find_code_solves_a_linear_decoder_as_least_squares_does() -> None:
    torch.manual_seed(0)
    decoder, x = nn.Linear(3, 20), torch.randn(6, 20)
    observed = (torch.rand(6, 20) < 0.6).float()
    z = find_code(decoder, x, observed, torch.zeros(6, 3), steps=3000, lr=0.01)
    for row, target, seen in zip(z, x, observed.bool(), strict=True):
        matrix = decoder.weight[seen].detach()
        solution = torch.linalg.lstsq(matrix, (target - decoder.bias.detach())[seen]).solution
        torch.testing.assert_close(row, solution, atol=1e-3, rtol=1e-3)


def test_find_code_ignores_what_is_hidden() -> None:
    torch.manual_seed(0)
    decoder, x, observed = mlp(2, 8, 10), torch.rand(4, 10), (torch.rand(4, 10) < 0.5).float()
    elsewhere = torch.where(observed == 1, x, torch.rand(4, 10) * 100)
    start = torch.zeros(4, 2)
    assert torch.equal(find_code(decoder, x, observed, start), find_code(decoder, elsewhere, observed, start))


def test_find_code_changes_neither_decoder_nor_start() -> None:
    decoder, start = mlp(2, 8, 10), torch.zeros(4, 2)
    before = [p.clone() for p in decoder.parameters()]
    find_code(decoder, torch.rand(4, 10), torch.ones(4, 10), start)
    assert all(torch.equal(p, q) and p.grad is None for p, q in zip(decoder.parameters(), before, strict=True))
    assert torch.equal(start, torch.zeros(4, 2))


def test_find_code_names_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"x \(4, 10\), observed \(4, 9\)"):
        find_code(mlp(2, 10), torch.rand(4, 10), torch.ones(4, 9), torch.zeros(4, 2))


def test_find_code_takes_weights_as_weighted_least_squares_does() -> None:
    torch.manual_seed(0)
    decoder, x, weight = nn.Linear(2, 20), torch.randn(4, 20), torch.rand(4, 20) * 9
    z = find_code(decoder, x, weight, torch.zeros(4, 2), steps=3000, lr=0.01)
    for row, target, w in zip(z, x, weight.sqrt(), strict=True):
        matrix, offset = decoder.weight.detach(), decoder.bias.detach()
        solution = torch.linalg.lstsq(w[:, None] * matrix, w * (target - offset)).solution
        torch.testing.assert_close(row, solution, atol=1e-3, rtol=1e-3)


def test_a_step_along_a_latent_direction_raises_the_read_out_by_one() -> None:
    torch.manual_seed(0)
    z, w = torch.randn(500, 3) @ torch.randn(3, 3) + 5, torch.randn(3)
    assert w @ latent_direction(z, w) == pytest.approx(1, abs=1e-5)


def test_a_latent_direction_is_the_regression_of_the_codes_on_the_read_out() -> None:
    torch.manual_seed(0)
    z, w = torch.randn(500, 3) @ torch.randn(3, 3) + 5, torch.randn(3)
    read = torch.stack([z @ w, torch.ones(500)], dim=1)
    slope = torch.linalg.lstsq(read, z).solution[0]
    torch.testing.assert_close(latent_direction(z, w), slope, atol=1e-3, rtol=1e-3)


def test_a_latent_direction_finds_the_axis_that_weights_miss() -> None:
    """Codes (gas + dirt, dirt): the read-out subtracts the dirt, but more gas moves the first number alone."""
    torch.manual_seed(0)
    gas, dirt = torch.randn(2, 5000)
    z, w = torch.stack([gas + dirt, dirt], dim=1), torch.tensor([1.0, -1.0])
    torch.testing.assert_close(latent_direction(z, w), torch.tensor([1.0, 0.0]), atol=0.05, rtol=0)


def test_a_latent_direction_of_one_number_is_the_inverse_of_its_weight() -> None:
    assert latent_direction(torch.randn(9, 1), torch.tensor([4.0])).item() == pytest.approx(0.25)


def test_a_read_out_that_never_grows_has_no_direction() -> None:
    for z, w in (
        (torch.ones(5, 3), torch.ones(3)),
        (torch.rand(5, 3), torch.zeros(3)),
        (torch.rand(1, 3), torch.ones(3)),
    ):
        with pytest.raises(ValueError, match="the same for all codes"):
            latent_direction(z, w)


def test_find_code_refuses_what_is_not_finite() -> None:
    x, observed = torch.rand(4, 10), torch.ones(4, 10)
    for broken in ((x / 0, observed), (x, observed / 0)):
        with pytest.raises(ValueError, match="must be finite; set to 0 what is hidden"):
            find_code(mlp(2, 10), *broken, torch.zeros(4, 2))


@pytest.mark.parametrize(
    ("z", "w"),
    [(torch.ones(5, 3), torch.ones(2)), (torch.ones(3), torch.ones(3)), (torch.rand(5, 3), torch.ones(3).double())],
)
def test_a_latent_direction_needs_codes_and_weights_that_fit(z: torch.Tensor, w: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="do not fit together"):
        latent_direction(z, w)
