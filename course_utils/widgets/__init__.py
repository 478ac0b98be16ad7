"""Explorers: sliders that run a trained network where they are shown, also in a page without a kernel."""

from course_utils.widgets.flow import FlowExplorer
from course_utils.widgets.frames import FrameExplorer
from course_utils.widgets.latent import LatentExplorer
from course_utils.widgets.outputs import Curve, Image

__all__ = ["Curve", "FlowExplorer", "FrameExplorer", "Image", "LatentExplorer"]
