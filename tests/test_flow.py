"""FlowExplorer as a Python object: what it holds, what it refuses, its contact sheet."""

from __future__ import annotations

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
from course_utils.ode import Formula, Heartbeat, Logistic, Pendulum, Spiral, solve
from course_utils.widgets import FlowExplorer
from course_utils.widgets.assets import bundle
from tests.conftest import node

NAN = float("nan")


@pytest.fixture(autouse=True)
def close_figures() -> None:
    yield
    plt.close("all")


def pendulum(**options: object) -> FlowExplorer:
    given = {"limits": [(-4, 4), (-8, 8)], "horizon": 10, "step": 0.1}
    return FlowExplorer(Pendulum(), (1.0, 0.5), **given | options)


def network(n_in: int = 2, n_out: int = 2) -> nn.Module:
    torch.manual_seed(0)
    return mlp(n_in, 8, n_out).eval()


def learnt(field: object, x0: object = (0.5, 0.5), **options: object) -> FlowExplorer:
    return FlowExplorer(field, x0, **{"limits": (-1, 1), "horizon": 2, "step": 0.1} | options)


def heart(**options: object) -> FlowExplorer:
    given = {"limits": [(-1.5, 1.5), (-1.5, 1.5), (-0.6, 1.6)], "horizon": 1, "step": 0.004, "over_time": ("z",)}
    return FlowExplorer(Heartbeat(), (-1.0, 0.0, -0.1), **given | options)


def state(explorer: FlowExplorer) -> dict:
    return explorer.children[0].get_state()


def test_every_control_is_linked_without_a_kernel() -> None:
    explorer = pendulum(sliders={"friction": (0, 1), "length": (0.5, 2)}, method="rk4")
    models = dependency_state(explorer, drop_defaults=False).values()
    found = [model["state"] for model in models if model["model_name"] == "LinkModel"]
    links = sorted((link["source"][1], link["target"][1]) for link in found)
    assert links == [("index", "method"), *(("value", name) for name in ("horizon", "p0", "p1", "step"))]
    assert state(explorer)["parameters"] == ["friction", "length"]
    assert [state(explorer)[name] for name in ("method", "step", "horizon", "p0", "p1")] == [2, 0.1, 10, 0, 1]


def test_sliders_are_named_with_units_and_reach_as_far_as_told() -> None:
    step, horizon, friction = pendulum(sliders={"friction": (0, 1)}).sliders
    assert [s.description for s in (step, horizon, friction)] == ["step h (s)", "horizon T (s)", "friction (kg m²/s)"]
    assert (10**step.min, 10**step.max) == pytest.approx((0.01, 1))
    assert (horizon.min, horizon.max) == (1, 20)
    assert (friction.min, friction.max, friction.step) == (0, 1, 0.01)
    chosen = pendulum(steps=(0.02, 0.5)).sliders[0]
    assert (10**chosen.min, 10**chosen.max) == pytest.approx((0.02, 0.5))
    assert 10 ** pendulum(step=5).sliders[0].max == pytest.approx(10)  # no step is longer than the horizon


@pytest.mark.parametrize("limits", [(0.5, 2), (-0.3, 1.1), (0, 17), (1, 1.5), (0.25, 1), (0.999, 2)])
def test_the_value_of_a_parameter_stands_on_a_step_of_its_slider(limits: tuple[float, float]) -> None:
    slider = pendulum(sliders={"length": limits}).sliders[2]
    steps = (1 - slider.min) / slider.step
    assert steps == pytest.approx(round(steps))
    assert 10 <= (slider.max - slider.min) / slider.step <= 1010
    assert slider.value == 1


def test_the_start_is_where_the_page_has_moved_it() -> None:
    explorer = pendulum()
    assert explorer.x0.tolist() == [1, 0.5]
    explorer.children[0].x0 = [2.0, -1.0]
    assert explorer.x0.tolist() == [2, -1]
    assert state(explorer)["start"] == [1, 0.5]


def test_one_pair_of_limits_is_for_all_states_and_one_number_a_start() -> None:
    assert (
        state(FlowExplorer(Spiral(), (1, 0), limits=(-2, 2), horizon=1, step=0.1))["chart"]["limits"] == [(-2, 2)] * 2
    )
    assert FlowExplorer(Logistic(), 0.1, limits=(0, 1), horizon=1, step=0.1).x0.tolist() == [0.1]
    assert FlowExplorer(Logistic(), [0.1], limits=[(0, 1)], horizon=1, step=0.1).x0.tolist() == [0.1]


def test_axes_have_names_and_units() -> None:
    chart = state(pendulum())["chart"]
    assert (chart["labels"], chart["time"]) == (["theta (rad)", "omega (rad/s)"], "t (s)")
    assert state(learnt(network()))["chart"]["labels"] == ["x₁", "x₂"]
    assert state(learnt(network(3, 3), (0, 0, 0)))["chart"]["labels"] == ["x₁", "x₂", "x₃"]


def test_all_states_or_the_chosen_ones_are_drawn_over_time() -> None:
    def chosen(explorer: FlowExplorer) -> list[int]:
        return state(explorer)["chart"]["overTime"]

    assert chosen(heart(over_time=None)) == [0, 1, 2]
    assert chosen(heart()) == [2]
    assert chosen(heart(over_time=["z", "x"])) == [2, 0]
    assert chosen(pendulum(over_time=("omega",))) == [1]
    assert chosen(learnt(network(), over_time=("x₂",))) == [1]
    assert chosen(learnt(network(1, 1), 0.5, over_time=("x",))) == [0]


def test_a_network_says_how_far_the_page_is_from_it() -> None:
    assert 0 <= learnt(network()).error < 1e-6
    assert learnt(network(1, 1), 0.5).error < 1e-6
    assert learnt(network(3, 3), (0, 0, 0)).error < 1e-6
    assert pendulum().error == 0


def test_a_network_may_know_the_time() -> None:
    for d in (1, 2, 3):
        made = learnt(network(d + 1, d), [0.5] * d)
        assert len(state(made)["chart"]["states"]) == d
        assert 0 <= made.error < 1e-6


def test_a_network_that_knows_the_time_is_tried_at_times_up_to_the_horizon() -> None:
    late = nn.Sequential(nn.Linear(2, 1)).eval()
    late[0].weight.data[:] = torch.tensor([0, 3e38])
    assert learnt(late, 0.5, horizon=1).error < 1e-6
    with pytest.raises(ValueError, match="NaN or infinite rates"):
        learnt(late, 0.5, horizon=2)


def test_a_network_beside_the_truth_has_the_names_of_the_truth() -> None:
    made = learnt(network(), truth=Pendulum(), over_time=("omega",))
    chart = state(made)["chart"]
    assert (chart["labels"], chart["time"], chart["unit"]) == (["theta (rad)", "omega (rad/s)"], "t (s)", "s")
    assert chart["overTime"] == [1]
    assert [slider.description for slider in made.sliders] == ["step h (s)", "horizon T (s)"]


def test_beside_the_truth_the_sliders_are_those_of_the_field() -> None:
    truth = Formula({"angle": "speed", "speed": "-10 * angle"}, units={"t": "min", "friction": "N"})
    made = pendulum(truth=truth, sliders={"friction": (0, 1)})
    assert [s.description for s in made.sliders] == ["step h (min)", "horizon T (min)", "friction (kg m²/s)"]


def test_later_training_does_not_change_an_explorer() -> None:
    field = network()
    explorer = learnt(field)
    before = explorer.contact_sheet().axes[0].lines[1].get_ydata()
    field[0].weight.data.add_(1)
    assert (explorer.contact_sheet().axes[0].lines[1].get_ydata() == before).all()


def test_an_explorer_leaves_the_generator_alone() -> None:
    field = network()
    before = torch.get_rng_state()
    learnt(field).contact_sheet()
    assert torch.equal(torch.get_rng_state(), before)


def test_the_sheet_shows_what_the_four_solvers_find() -> None:
    figure = pendulum().contact_sheet(title="Four solvers")
    assert [axis.get_title("left") for axis in figure.axes] == [
        "Euler, 100 evaluations", "Midpoint, 200 evaluations", "Runge-Kutta 4, 400 evaluations",
        f"Dormand-Prince, {solve(Pendulum(), (1, 0.5), (0, 10)).nfe} evaluations",
    ]  # fmt: skip
    for axis, method in zip(figure.axes, ("euler", "midpoint", "rk4"), strict=False):
        wanted = solve(Pendulum(), (1, 0.5), (0, 10), method, step=0.1)
        assert np.array_equal(axis.lines[1].get_xydata(), wanted.x)
        fine = solve(Pendulum(), (1, 0.5), (0, 10), rtol=1e-10, atol=1e-12)
        assert axis.lines[0].get_xydata()[-1] == pytest.approx(fine.x[-1], abs=1e-6)
    assert (figure.get_suptitle(), figure.get_supxlabel(), figure.get_supylabel()) == (
        "Four solvers", "theta (rad)", "omega (rad/s)")  # fmt: skip
    assert figure.axes[0].get_xlim() == (-4, 4)
    assert figure.axes[0].get_ylim() == (-8, 8)
    assert figure.get_size_inches()[0] == pytest.approx(5.4)


def test_the_sheet_of_one_state_runs_over_time_to_where_a_solver_stops() -> None:
    doubling = Formula({"x": "x**2"}, exact={"x": "x0 / (1 - x0 * t)"}, units={"t": "s"})
    figure = FlowExplorer(doubling, 1, limits=(0, 20), horizon=2, step=0.05).contact_sheet()
    assert [axis.get_title("left").split(", ")[1] for axis in figure.axes] == [
        "stops at t = 1.6", "stops at t = 1.25", "stops at t = 1.1", "stops at t = 1"]  # fmt: skip
    reference, euler, _ = figure.axes[0].lines
    assert euler.get_xdata()[-1] == pytest.approx(1.6)
    assert reference.get_xdata()[-1] < 1
    assert reference.get_ydata() == pytest.approx(1 / (1 - reference.get_xdata()))
    assert figure.axes[0].get_xlim() == (0, 2)
    assert figure.get_supxlabel() == "t (s)"


def test_the_sheet_of_three_states_shows_the_orbit_in_space_and_what_it_draws_over_time() -> None:
    figure = heart().contact_sheet(title="A heartbeat")
    space, *panels = figure.axes
    fine = solve(Heartbeat(), (-1, 0, -0.1), (0, 1), rtol=1e-10, atol=1e-12)
    shadow, orbit, _ = (np.array(line.get_data_3d()).T for line in space.lines)
    assert orbit[[0, -1]] == pytest.approx(fine.x[[0, -1]], abs=1e-6)
    assert (shadow[:, :2] == orbit[:, :2]).all()
    assert (shadow[:, 2] == -0.6).all()
    assert (space.get_xlabel(), space.get_ylabel(), space.get_zlabel()) == ("x", "y", "z (mV)")
    assert [axis.get_title("left").split(",")[0] for axis in panels] == [
        "Euler", "Midpoint", "Runge-Kutta 4", "Dormand-Prince"]  # fmt: skip
    for axis, method in zip(panels, ("euler", "midpoint", "rk4"), strict=False):
        wanted = solve(Heartbeat(), (-1, 0, -0.1), (0, 1), method, step=0.004)
        assert np.array_equal(axis.lines[1].get_xydata(), np.stack([wanted.t, wanted.x[:, 2]], 1))
    assert (panels[0].get_xlim(), panels[0].get_ylim()) == ((0, 1), (-0.6, 1.6))
    assert figure.get_size_inches()[0] == pytest.approx(5.4)
    assert figure.subfigs[1].legends == []


@pytest.mark.parametrize("method", ["rk4", "dopri5"])
def test_the_sheet_beside_the_truth_shows_both_solutions(method: str) -> None:
    linear = Formula({"theta": "omega", "omega": "-10 * theta"})
    figure = FlowExplorer(
        linear, (1.0, 0.5), limits=[(-4, 4), (-8, 8)], horizon=10, step=0.1, method=method, truth=Pendulum()
    ).contact_sheet(title="Linear and true")
    wanted = solve(linear, (1, 0.5), (0, 10), method, step=0.1 if method == "rk4" else None)
    fine = solve(Pendulum(), (1, 0.5), (0, 10), rtol=1e-10, atol=1e-12)
    plane, over = figure.axes
    assert np.array_equal(plane.lines[1].get_xydata(), wanted.x)
    assert plane.lines[0].get_xydata()[-1] == pytest.approx(fine.x[-1], abs=1e-6)
    for i in range(2):
        assert over.lines[i].get_ydata()[-1] == pytest.approx(fine.x[-1, i], abs=1e-6)
        assert np.array_equal(over.lines[2 + 2 * i].get_xydata(), np.stack([wanted.t, wanted.x[:, i]], 1))
        assert over.lines[i].get_linestyle() == over.lines[2 + 2 * i].get_linestyle()
    assert (plane.get_xlim(), plane.get_ylim(), plane.get_xlabel()) == ((-4, 4), (-8, 8), "theta (rad)")
    assert (over.get_xlim(), over.get_ylim(), over.get_xlabel()) == ((0, 10), (-8, 8), "t (s)")
    (legend,) = figure.subfigs[1].legends
    assert [text.get_text() for text in legend.get_texts()] == ["the true field", "theta (rad)", "omega (rad/s)"]
    assert figure.get_suptitle() == "Linear and true"
    assert figure.get_size_inches()[0] == pytest.approx(5.4)


def test_the_sheet_beside_the_truth_shows_one_state_over_time_and_three_in_space() -> None:
    growth = FlowExplorer(Formula({"x": "x"}), 0.1, limits=(0, 2), horizon=2, step=0.1, truth=Logistic())
    (over,) = growth.contact_sheet().axes
    assert over.lines[0].get_ydata() == pytest.approx(Logistic().solution(np.linspace(0, 2, 301), [0.1])[0])
    assert over.lines[1].get_ydata()[-1] == pytest.approx(0.1 * 1.1**20)
    space, over = heart(truth=Heartbeat(HR=90.0)).contact_sheet().axes
    _, true, found, _ = (np.array(line.get_data_3d()).T for line in space.lines)
    fine = solve(Heartbeat(HR=90.0), (-1, 0, -0.1), (0, 1), rtol=1e-10, atol=1e-12)
    assert true[-1] == pytest.approx(fine.x[-1], abs=1e-6)
    assert (found == solve(Heartbeat(), (-1, 0, -0.1), (0, 1), "euler", step=0.004).x).all()
    assert (over.lines[0].get_ydata() == true[:, 2]).all()
    assert (over.lines[1].get_ydata() == found[:, 2]).all()


def test_several_states_over_time_have_their_names_on_the_sheet() -> None:
    figure = heart(over_time=("z", "x")).contact_sheet()
    (legend,) = figure.subfigs[1].legends
    assert [text.get_text() for text in legend.get_texts()] == ["z (mV)", "x"]
    z, x = figure.axes[1].lines[2:5:2]
    wanted = solve(Heartbeat(), (-1, 0, -0.1), (0, 1), "euler", step=0.004)
    assert (z.get_ydata() == wanted.x[:, 2]).all()
    assert (x.get_ydata() == wanted.x[:, 0]).all()
    assert z.get_linestyle() != x.get_linestyle()
    assert figure.axes[1].get_ylim() == (-1.5, 1.6)


def test_the_sheet_has_dots_at_few_steps_only() -> None:
    for step, marker in ((0.2, "o"), (0.1, "")):
        line = pendulum(step=step).contact_sheet().axes[0].lines[1]
        assert line.get_marker() == marker


def test_the_bundle_is_one_module_that_can_render(tmp_path: Path) -> None:
    (tmp_path / "bundle.mjs").write_text(bundle("flow.js"), encoding="utf-8")
    question = f"import m from {json.dumps((tmp_path / 'bundle.mjs').as_uri())}; console.log(typeof m.render)"
    answer = subprocess.run([node(), "--input-type=module", "-e", question], capture_output=True, text=True)
    assert answer.stdout == "function\n", answer.stderr


def test_a_system_adds_at_most_50_kB_to_a_page() -> None:
    """Nearly all of it is the script."""
    models = dependency_state(pendulum(sliders={"friction": (0, 1)}), drop_defaults=False)
    assert len(json.dumps(models)) <= 50_000


def spoiled() -> nn.Module:
    field = network()
    field[0].weight.data[0, 0] = NAN
    return field


FOUR = Formula({"x": "y", "y": "z", "z": "u", "u": "x"})
BAD: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "a function": (lambda: learnt(lambda t, x: x), TypeError, "System, a Formula or a network, so that the page can run it; got function"),
    "four states": (lambda: learnt(FOUR, (0, 0, 0, 0)), ValueError, "one to three states, the field has 4"),
    "a network of four states": (lambda: learnt(network(4, 4), (0, 0, 0, 0)), ValueError, "one to three states, the field has 4"),
    "an unknown state over time": (
        lambda: heart(over_time=("z", "u")), ValueError, r"over_time must be different states, some of \(x, y, z\); got \('z', 'u'\)"),
    "an unknown state of a network over time": (
        lambda: learnt(network(), over_time=("x",)), ValueError, r"some of \(x₁, x₂\); got \('x',\)"),
    "an unknown state of two over time": (lambda: pendulum(over_time=("z",)), ValueError, r"some of \(theta, omega\)"),
    "a state twice over time": (lambda: heart(over_time=("z", "z")), ValueError, "over_time must be different states"),
    "no state over time": (lambda: heart(over_time=()), ValueError, r"over_time must be different states.*got \(\)"),
    "a word over time": (lambda: heart(over_time="z"), ValueError, "over_time must be different states.*got 'z'"),
    "a number over time": (lambda: heart(over_time=2), ValueError, "over_time must be different states.*got 2"),
    "unknown method": (lambda: pendulum(method="heun"), ValueError, "one of euler, midpoint, rk4, dopri5; got 'heun'"),
    "no step": (lambda: pendulum(step=0), ValueError, "step must be a positive, finite number, got 0"),
    "a step back": (lambda: pendulum(step=-0.1), ValueError, "step must be a positive"),
    "a step that is NaN": (lambda: pendulum(step=NAN), ValueError, "step must be a positive"),
    "a step that is a word": (lambda: pendulum(step="small"), ValueError, "step must be a positive.*'small'"),
    "no horizon": (lambda: pendulum(horizon=0), ValueError, "horizon must be a positive"),
    "an infinite horizon": (lambda: pendulum(horizon=float("inf")), ValueError, "horizon must be a positive, finite"),
    "no tolerance": (lambda: pendulum(rtol=0), ValueError, "rtol must be a positive"),
    "a step beyond the horizon": (lambda: pendulum(step=11), ValueError, "step 11 is longer than the horizon 10"),
    "steps around another": (lambda: pendulum(steps=(0.2, 1)), ValueError, r"around the step 0\.1; got \(0\.2, 1\)"),
    "steps beyond the horizon": (lambda: pendulum(steps=(0.01, 20)), ValueError, "at most the horizon 10"),
    "steps from zero": (lambda: pendulum(steps=(0, 1)), ValueError, "from a positive number"),
    "a start of one number": (lambda: learnt(Spiral(), 0.5), ValueError, r"one number for each of 2 states.*got 0\.5"),
    "a start that is NaN": (lambda: learnt(Spiral(), (NAN, 0)), ValueError, "x0 must be one number for each"),
    "a start outside": (lambda: learnt(Spiral(), (0, 2)), ValueError, "in the limits -1 to 1, -1 to 1; got"),
    "a start that is a word": (lambda: learnt(Spiral(), "here"), ValueError, "x0 must be.*'here'"),
    "limits the wrong way": (lambda: learnt(Spiral(), limits=(1, -1)), ValueError, "low < high"),
    "limits for three": (lambda: learnt(Spiral(), limits=[(-1, 1)] * 3), ValueError, "or 2 of them"),
    "unknown parameter": (
        lambda: pendulum(sliders={"drag": (0, 1)}), ValueError, "no parameter 'drag'; it has gravity, length, mass, friction"),
    "a parameter of a network": (lambda: learnt(network(), sliders={"w": (0, 1)}), ValueError, "no parameter 'w'; it has none"),
    "a slider beside the value": (
        lambda: pendulum(sliders={"length": (2, 3)}), ValueError, "slider of length goes from 2 to 3, but its value is 1"),
    "a slider the wrong way": (lambda: pendulum(sliders={"length": (2, 0)}), ValueError, "low < high"),
    "training mode": (lambda: learnt(network().train()), ValueError, r"the field is in training mode: call field\.eval\(\)"),
    "another device": (lambda: learnt(network().to("meta")), ValueError, r"the field is on meta.*call field\.cpu\(\)"),
    "NaN weights": (lambda: learnt(spoiled()), ValueError, "the field holds NaN or infinite values: 1 of 16"),
    "unsupported layer": (
        lambda: learnt(nn.Sequential(nn.Linear(2, 2), nn.GELU()).eval()), TypeError, "GELU cannot run.*Build the field of these"),
    "rates of another size": (lambda: learnt(network(2, 3)), ValueError, r"map states \(n, 2\) to rates \(n, 2\); got \(512, 3\)"),
    "rates neither of states nor of states and time": (
        lambda: learnt(network(2, 3)), ValueError, r"from \(512, 2\)\. With the time last, it maps \(n, 3\)"),
    "a network of four states and the time": (
        lambda: learnt(network(5, 4), (0, 0, 0, 0)), ValueError, "one to three states, the field has 4"),
    "a start with a time": (lambda: learnt(network(3, 2), (0, 0, 0)), ValueError, "one number for each of 2 states"),
    "a truth that is a network": (
        lambda: learnt(network(), truth=network()), TypeError, "truth must be a System or a Formula; got Sequential"),
    "a truth of other states": (
        lambda: learnt(network(), truth=Heartbeat()), ValueError, r"as many states as the field, 2; got 3 \(x, y, z\)"),
    "a state of the network over time, not of the truth": (
        lambda: learnt(network(), truth=Pendulum(), over_time=("x₁",)), ValueError, r"some of \(theta, omega\); got \('x₁',\)"),
    "a parameter of the truth": (
        lambda: learnt(network(), truth=Pendulum(), sliders={"length": (0, 2)}), ValueError, "no parameter 'length'; it has none"),
    "states of another size": (
        lambda: learnt(nn.Sequential(nn.Tanh(), nn.Linear(4, 4)).eval()), ValueError, "one to three states, the field has 4"),
    "overflow": (
        lambda: learnt(nn.Sequential(nn.Linear(2, 2)).eval(), limits=(-3e38, 3e38)), ValueError, "choose narrower limits"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "error", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], object], error: type[Exception], message: str
) -> None:
    opened = []
    monkeypatch.setattr(ipywidgets.Widget, "open", lambda self: opened.append(self))
    with pytest.raises(error, match=message):
        make()
    assert opened == []
