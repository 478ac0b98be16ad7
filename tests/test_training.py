import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from course_utils.losses import classification_loss, denoising_loss, reconstruction_loss
from course_utils.metrics import chi_square
from course_utils.models import Autoencoder
from course_utils.training import TrainingError, fit, train_epoch


def squared_error(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    x, y = batch
    return ((model(x) - y) ** 2).mean()


def data(n: int = 256) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    x = torch.randn(n, 3)
    return x, x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3 + 0.1 * torch.randn(n, 1)


def test_fit_finds_the_least_squares_solution() -> None:
    x, y = data()
    model = nn.Linear(3, 1)
    history = fit(model, squared_error, (x, y), epochs=200, lr=0.05, weight_decay=0, held_out=(x, y))
    solution = torch.linalg.lstsq(torch.cat([x, torch.ones(len(x), 1)], 1), y).solution[:, 0]
    torch.testing.assert_close(torch.cat([model.weight[0], model.bias]).detach(), solution, atol=2e-3, rtol=0)
    assert len(history.loss) == len(history.held_out) == 200
    assert history.held_out[-1] == pytest.approx(squared_error(model, (x, y)).item())


def test_an_epoch_takes_one_step_of_gradient_descent_per_batch() -> None:
    x, y = data(8)
    model = nn.Linear(3, 1)
    weight = model.weight.detach().clone()
    bias = model.bias.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1)
    losses = list(train_epoch(model, squared_error, [(x[:4], y[:4]), (x[4:], y[4:])], optimizer, scheduler))
    expected = []
    for rows in (slice(0, 4), slice(4, 8)):
        residual = x[rows] @ weight.T + bias - y[rows]
        expected.append((residual**2).mean().item())
        weight -= 0.1 * 2 * (residual * x[rows]).mean(0, keepdim=True)
        bias -= 0.1 * 2 * residual.mean(0)
    torch.testing.assert_close(model.weight.detach(), weight)
    torch.testing.assert_close(model.bias.detach(), bias)
    assert losses == pytest.approx(expected)


def test_the_seed_fixes_the_order_of_the_batches() -> None:
    def trained(seed: int) -> torch.Tensor:
        torch.manual_seed(5)
        model = nn.Linear(3, 1)
        fit(model, squared_error, data(64), epochs=3, batch_size=8, seed=seed)
        return model.weight.detach()

    assert torch.equal(trained(1), trained(1))
    assert not torch.equal(trained(1), trained(2))


def test_a_trained_model_is_left_in_evaluation_mode() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Linear(4, 1))
    fit(model, squared_error, data(32), epochs=1)
    assert not model.training


def test_held_out_data_are_not_trained_on() -> None:
    x, y = data(64)
    torch.manual_seed(1)
    alone, beside = nn.Linear(3, 1), nn.Linear(3, 1)
    beside.load_state_dict(alone.state_dict())
    fit(alone, squared_error, (x, y), epochs=3)
    fit(beside, squared_error, (x, y), epochs=3, held_out=(x + 5, y - 5))
    assert torch.equal(alone.weight, beside.weight)


def test_divergence_stops_with_a_report_and_an_undone_epoch() -> None:
    x, y = data(64)
    model = nn.Linear(3, 1)
    seen = []

    def explode(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        seen.append(model.weight.detach().clone())
        return squared_error(model, batch) * (float("inf") if len(seen) == 7 else 1)

    with pytest.raises(
        TrainingError, match=r"epoch 2, batch 3: inf; the last finite loss was .* Lower the learning rate"
    ):
        fit(model, explode, (x, y), batch_size=16, epochs=5)
    assert torch.equal(model.weight, seen[4])
    assert not model.training


def test_weights_that_are_not_finite_are_found_though_every_loss_is() -> None:
    def flat(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
        return (model.weight - model.weight).sum().sqrt() + x.mean() * 0

    model = nn.Linear(3, 1)
    before = model.weight.detach().clone()
    with pytest.raises(TrainingError, match="a weight that is not finite"):
        fit(model, flat, torch.rand(8, 3), epochs=1)
    assert torch.equal(model.weight, before)


def test_a_learning_rate_that_is_too_large_is_reported() -> None:
    with pytest.raises(TrainingError, match="diverged"):
        fit(Autoencoder(3, 2), reconstruction_loss, data()[0] * 1e15, epochs=50, lr=1e6)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ([1.0, 2.0], TypeError, "must be a tensor or a tuple of tensors, got list"),
        (torch.arange(4), TypeError, r"got torch.int64; convert it with .float\(\)"),
        (torch.full((4, 3), float("nan")), ValueError, "NaN or infinite values in 12 places"),
        ((torch.rand(4, 3), torch.rand(5)), ValueError, r"lengths \[4, 5\]"),
        (torch.rand(0, 3), ValueError, "not 0"),
        ((), TypeError, "tuple of tensors"),
    ],
)
def test_bad_data_are_named(wrong: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        fit(nn.Linear(3, 3), reconstruction_loss, wrong)
    with pytest.raises(error, match="held_out"):
        fit(nn.Linear(3, 3), reconstruction_loss, torch.rand(4, 3), held_out=wrong)


@pytest.mark.parametrize("wrong", [torch.rand(8, 5), torch.rand(8, 3, dtype=torch.float64)])
def test_data_that_do_not_fit_the_model_are_reported(wrong: torch.Tensor) -> None:
    with pytest.raises(TrainingError, match="the loss cannot be computed for this model and these data"):
        fit(nn.Linear(3, 3), reconstruction_loss, wrong)


def test_labels_out_of_range_are_reported_and_nothing_is_changed() -> None:
    model = nn.Linear(3, 2)
    before = model.weight.detach().clone()
    with pytest.raises(TrainingError, match="IndexError: Target 5 is out of bounds"):
        fit(
            model,
            classification_loss,
            (torch.rand(8, 3), torch.tensor([0, 1, 0, 1, 0, 1, 0, 5])),
            batch_size=2,
            epochs=2,
        )
    assert torch.equal(model.weight, before)


@pytest.mark.parametrize("wrong", [torch.rand(8, 5), torch.full((8, 3), 1e30)])
def test_held_out_data_that_cannot_be_measured_stop_the_training(wrong: torch.Tensor) -> None:
    model = nn.Linear(3, 3)
    before = model.weight.detach().clone()
    with pytest.raises(TrainingError, match=r"cannot be computed|a held-out loss of inf"):
        fit(model, reconstruction_loss, torch.rand(8, 3), held_out=wrong, epochs=2)
    assert torch.equal(model.weight, before)


def test_no_epochs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        fit(nn.Linear(3, 3), reconstruction_loss, torch.rand(4, 3), epochs=0)


def test_the_losses_are_means_over_the_batch() -> None:
    model, x = nn.Linear(3, 3), torch.rand(8, 3)
    halves = [reconstruction_loss(model, x[rows]) for rows in (slice(4), slice(4, 8))]
    torch.testing.assert_close(reconstruction_loss(model, x), sum(halves) / 2)
    labels = torch.arange(8) % 3
    by_hand = -model(x).log_softmax(1)[torch.arange(8), labels].mean()
    torch.testing.assert_close(classification_loss(model, (x, labels)), by_hand)
    torch.testing.assert_close(by_hand, cross_entropy(model(x), labels))


def test_every_epoch_is_heard_of_in_evaluation_mode_and_also_the_state_before_the_first() -> None:
    model, heard = nn.Linear(3, 1), []
    before = model.weight.detach().clone()

    def listen(epoch: int, trained: nn.Module) -> None:
        heard.append((epoch, trained.training, trained.weight.detach().clone()))

    fit(model, squared_error, data(), epochs=3, on_epoch=listen)
    assert [(epoch, training) for epoch, training, _ in heard] == [(epoch, False) for epoch in range(4)]
    assert torch.equal(heard[0][2], before)
    assert torch.equal(heard[3][2], model.weight)
    assert not torch.equal(heard[1][2], heard[2][2])


def noisy_batch() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    sigma = 0.5 + torch.rand(200, 6, generator=generator)
    sigma[torch.rand(200, 6, generator=generator) < 0.2] = float("inf")
    return torch.randn(200, 6, generator=generator).masked_fill(sigma.isinf(), 0), sigma**-2


def test_the_denoising_loss_without_hiding_is_chi_square_over_all_that_was_measured() -> None:
    x, weight = noisy_batch()
    model = nn.Linear(6, 6)
    per_example = chi_square(x, model(x), weight)
    expected = (per_example * (weight > 0).sum(1)).sum() / (weight > 0).sum()
    torch.testing.assert_close(denoising_loss(model, (x, weight), hidden=0), expected)


def test_the_denoising_loss_does_not_hear_dead_pixels() -> None:
    x, weight = noisy_batch()
    model = nn.Linear(6, 6)
    shouted = torch.where(weight > 0, x, 1e3)
    blind = lambda shown: model(torch.where(weight > 0, shown, 0))  # noqa: E731
    assert torch.equal(denoising_loss(blind, (x, weight), hidden=0), denoising_loss(blind, (shouted, weight), hidden=0))


def test_the_denoising_loss_hides_a_share_of_the_input_and_scales_up_the_rest() -> None:
    seen = []

    def model(x: torch.Tensor) -> torch.Tensor:
        seen.append(x)
        return x

    x = torch.ones(400, 50)
    denoising_loss(model, (x, x), hidden=0.25)
    (shown,) = seen
    assert (shown == 0).float().mean() == pytest.approx(0.25, abs=0.02)
    assert shown[shown != 0].unique().tolist() == pytest.approx([4 / 3])


@pytest.mark.parametrize(
    "weight",
    [torch.ones(200, 5), torch.full((200, 6), -1.0), torch.full((200, 6), float("inf")), torch.zeros(200, 6)],
)
def test_the_denoising_loss_refuses_what_are_no_weights(weight: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="a batch is a pair of x and its weights"):
        denoising_loss(nn.Linear(6, 6), (noisy_batch()[0], weight))


def test_the_denoising_loss_refuses_a_batch_without_weights_and_one_with_nan() -> None:
    x, weight = noisy_batch()
    for batch in (x, x[:2], (x,), (x.masked_fill(weight == 0, float("nan")), weight)):
        with pytest.raises(ValueError, match="a batch is a pair of x and its weights"):
            denoising_loss(nn.Linear(6, 6), batch)
