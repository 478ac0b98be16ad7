"""Data sets of the course, each a function that returns a :class:`Dataset`."""

from course_utils.data.dataset import Dataset
from course_utils.data.digits import digits
from course_utils.data.dots import dots
from course_utils.data.fetch import DataError
from course_utils.data.heartbeats import heartbeats, ptb_heartbeats
from course_utils.data.mnist import mnist
from course_utils.data.oscillations import oscillations
from course_utils.data.pendulum import pendulum
from course_utils.data.prices import prices
from course_utils.data.rings import ring_centres, rings
from course_utils.data.spectra import spectra
from course_utils.data.spirals import spirals

__all__ = [
    "DataError",
    "Dataset",
    "digits",
    "dots",
    "heartbeats",
    "mnist",
    "oscillations",
    "pendulum",
    "prices",
    "ptb_heartbeats",
    "ring_centres",
    "rings",
    "spectra",
    "spirals",
]
