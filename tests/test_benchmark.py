"""The bars of what a reader waits for: our own share of a slider's move and of a drag, scores, a game, heartbeats, a spiral."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from benchmarks import flow, game, heartbeats, scores, spiral
from benchmarks.sliders import MOVES, without_kernel

pytestmark = pytest.mark.slow


def test_a_move_of_the_slider_is_handled_in_four_milliseconds_and_drawn_in_the_next_frame(
    browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    times, late = without_kernel(page, tmp_path)
    page.close()
    assert len(times) == MOVES == 200
    assert np.quantile(times, 0.95) <= 4
    assert late == 0


def test_a_drag_of_the_starting_point_is_handled_in_ten_milliseconds_and_drawn_in_the_next_frame(
    browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    times, late = flow.drags(page, tmp_path)
    page.close()
    assert len(times) == MOVES == 200
    assert np.quantile(times, 0.95) <= 10
    assert late == 0


def test_all_scores_of_ten_codes_and_six_factors_take_fifteen_seconds_at_most() -> None:
    assert scores.seconds() <= 15


def test_a_game_that_finds_all_eight_modes_takes_twenty_seconds_at_most() -> None:
    seconds, modes = game.play()
    assert modes == 8
    assert seconds <= 20


def test_four_thousand_heartbeats_take_ten_seconds_at_most() -> None:
    assert heartbeats.seconds() <= 10


def test_the_spiral_of_the_demonstration_is_learnt_in_a_fifth_of_its_time() -> None:
    (seconds, error), (our_seconds, our_error) = spiral.race().values()
    assert our_error <= error < 0.5
    assert seconds >= 5 * our_seconds
