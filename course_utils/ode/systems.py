"""Systems of ordinary differential equations with named states, parameters and units."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.ode.formula import CONSTANTS, FUNCTIONS, FormulaError, Tree, formulas, parse

Array = NDArray[np.floating]


class System:
    """A vector field that is written as formulas, so that a page can evaluate it as Python does.

    Parameters
    ----------
    **parameters : float
        Values that replace the defaults of the class.

    Attributes
    ----------
    equations : dict of str to str
        The rate of change of each state, as :func:`course_utils.ode.parse` reads it; ``t`` is the time.
    exact : dict of str to str
        The states at time ``t`` where a closed form is known, else empty. ``x0`` is the state ``x`` at time 0.
    units : dict of str to str
        Of the states, of the parameters and of ``t``; what is not listed has none.
    parameters : dict of str to float
    trees, exact_trees : dict of str to Tree
        The formulas as they were read.

    Raises
    ------
    ValueError
        If a parameter does not exist or is not finite, or a formula cannot be read.
    """

    equations: ClassVar[Mapping[str, str]]
    exact: ClassVar[Mapping[str, str]] = {}
    units: ClassVar[Mapping[str, str]] = {}
    defaults: ClassVar[Mapping[str, float]] = {}

    def __init__(self, **parameters: float) -> None:
        name = type(self).__name__
        for given, value in parameters.items():
            if given not in self.defaults:
                raise ValueError(f"{name} has no parameter {given!r}; it has {', '.join(self.defaults) or 'none'}")
            if not np.isscalar(value) or not np.isfinite(value):
                raise ValueError(f"{name}: {given} must be a finite number, got {value!r}")
        self.parameters = {key: float(value) for key, value in {**self.defaults, **parameters}.items()}
        self.trees, self.exact_trees = self._read()
        states = tuple(self.equations)
        starts = tuple(f"{state}0" for state in states)
        self._rates = formulas(self.trees.values(), (*states, "t"), self.parameters)
        self._exact = formulas(self.exact_trees.values(), (*starts, "t"), self.parameters)

    def _read(self) -> tuple[dict[str, Tree], dict[str, Tree]]:
        """The formulas as trees."""
        states, name = tuple(self.equations), type(self).__name__
        starts = tuple(f"{state}0" for state in states)
        known = (*states, "t", *self.parameters)
        taken = (*known, *starts, *CONSTANTS, *FUNCTIONS)
        for word in (*states, *self.parameters):
            if not (isinstance(word, str) and word.isidentifier()) or keyword.iskeyword(word) or taken.count(word) > 1:
                raise FormulaError(f"{name}: {word!r} cannot be the name of a state or a parameter; choose another")
        if not states or not set(self.exact) <= set(states) or len(self.exact) not in (0, len(states)):
            raise FormulaError(f"{name}: needs one equation for each state, and an exact solution for all or for none")
        allowed = (*starts, "t", *self.parameters)
        rates = {state: parse(text, known) for state, text in self.equations.items()}
        return rates, {state: parse(self.exact[state], allowed) for state in (states if self.exact else ())}

    def __call__(self, t: float, x: ArrayLike) -> Array:
        """The rate of change at time ``t`` of states ``x``, (d,) or (d, …) for many at once, in the same shape."""
        x = self._states(x)
        with np.errstate(all="ignore"):  # a solver says where the numbers end
            rates = self._rates(*x, t)
        return np.stack([np.broadcast_to(rate, x.shape[1:]) for rate in rates]).astype(x.dtype)

    def solution(self, t: ArrayLike, x0: ArrayLike) -> Array:
        """The exact states (d, n) at the times ``t``, (n,), of the solution that is at ``x0``, (d,), at time 0."""
        name = type(self).__name__
        if not self.exact_trees:
            raise ValueError(f"{name} has no solution in closed form: solve it, with a small tolerance")
        x0, t = self._states(x0), np.asarray(t, dtype=float)
        with np.errstate(all="ignore"):
            return np.stack([np.broadcast_to(state, t.shape) for state in self._exact(*x0, t)])

    def _states(self, x: ArrayLike) -> Array:
        x = np.asarray(x)
        x = x if np.issubdtype(x.dtype, np.floating) else x.astype(float)
        if x.shape[:1] != (len(self.equations),):
            states = ", ".join(self.equations)
            raise ValueError(f"{type(self).__name__} has the states ({states}); got an array of shape {x.shape}")
        return x

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value:g}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({values})"


class Formula(System):
    """A system of one's own.

    Parameters
    ----------
    equations, exact, units : mapping of str to str
        As the attributes of :class:`System`.
    **parameters : float
        Their names and values.

    Examples
    --------
    >>> cooling = Formula({"T": "-rate * (T - 20)"}, units={"T": "°C", "t": "min"}, rate=0.5)
    >>> cooling(0.0, [60.0])
    array([-20.])
    """

    def __init__(
        self,
        equations: Mapping[str, str],
        *,
        exact: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        **parameters: float,
    ) -> None:
        self.equations, self.exact, self.units = dict(equations), dict(exact or {}), dict(units or {})
        self.defaults = parameters
        super().__init__(**parameters)


class Spiral(System):
    """A linear spiral, inwards for a positive ``decay``: a damped rotation.

    The matrix is [[-decay, frequency], [-frequency, -decay]], as in the spirals on which neural ODEs are
    demonstrated (Chen et al. 2018, arXiv:1806.07366).
    """

    equations: ClassVar = {"x": "-decay * x + frequency * y", "y": "-frequency * x - decay * y"}
    exact: ClassVar = {
        "x": "exp(-decay * t) * (x0 * cos(frequency * t) + y0 * sin(frequency * t))",
        "y": "exp(-decay * t) * (y0 * cos(frequency * t) - x0 * sin(frequency * t))",
    }
    units: ClassVar = {"t": "s", "decay": "1/s", "frequency": "rad/s"}
    defaults: ClassVar = {"decay": 0.1, "frequency": 2.0}


class Pendulum(System):
    """The angle of a rigid pendulum from its lowest point, and its angular velocity, with friction if wanted.

    Newton's second law for rotation: m l² θ'' = -m g l sin θ - b θ' (Strogatz, *Nonlinear Dynamics and Chaos*,
    section 6.7). Without friction the mass cancels out.
    """

    equations: ClassVar = {
        "theta": "omega",
        "omega": "-gravity / length * sin(theta) - friction / (mass * length**2) * omega",
    }
    units: ClassVar = {
        "t": "s", "theta": "rad", "omega": "rad/s", "gravity": "m/s²", "length": "m", "mass": "kg", "friction": "kg m²/s",
    }  # fmt: skip
    defaults: ClassVar = {"gravity": 10.0, "length": 1.0, "mass": 1.0, "friction": 0.0}

    def energy(self, x: ArrayLike) -> Array:
        """Kinetic and potential energy of states (2, …), in J; 0 at rest in the lowest point."""
        theta, omega = self._states(x)
        gravity, length, mass = (self.parameters[name] for name in ("gravity", "length", "mass"))
        return mass * length**2 * omega**2 / 2 + mass * gravity * length * (1 - np.cos(theta))


class LotkaVolterra(System):
    """Prey and predators, in units of one's choice (Lotka 1925; Volterra 1926, doi:10.1038/118558a0)."""

    equations: ClassVar = {
        "prey": "birth * prey - catch * prey * predators",
        "predators": "growth * prey * predators - death * predators",
    }
    units: ClassVar = {"t": "a", "birth": "1/a", "catch": "1/a", "growth": "1/a", "death": "1/a"}
    defaults: ClassVar = {"birth": 1.5, "catch": 1.0, "growth": 1.0, "death": 3.0}

    @property
    def equilibrium(self) -> Array:
        """Prey and predators at which nothing changes."""
        p = self.parameters
        return np.array([p["death"] / p["growth"], p["birth"] / p["catch"]])


class LinearLotkaVolterra(System):
    """What :class:`LotkaVolterra` becomes close to its equilibrium: deviations that run around an ellipse for ever.

    Its Jacobian at the equilibrium is [[0, -catch · death / growth], [birth · growth / catch, 0]]; the ellipse has the
    frequency √(birth · death).
    """

    equations: ClassVar = {"prey": "-catch * death / growth * predators", "predators": "birth * growth / catch * prey"}
    exact: ClassVar = {
        "prey": "prey0 * cos(sqrt(birth * death) * t)"
        " - predators0 * catch / growth * sqrt(death / birth) * sin(sqrt(birth * death) * t)",
        "predators": "predators0 * cos(sqrt(birth * death) * t)"
        " + prey0 * growth / catch * sqrt(birth / death) * sin(sqrt(birth * death) * t)",
    }
    units: ClassVar = LotkaVolterra.units
    defaults: ClassVar = LotkaVolterra.defaults


class TwoCentres(System):
    """Two linear fields, one around (-1, 0) and one around (1, 0), mixed by a sigmoid of the distance to each.

    A test case of neural ODEs that has two lobes: an unstable spiral on one side, and a stable one on the other (after
    the demonstration of M. Surtsukov, github.com/msurtsukov/neural-ode).
    """

    equations: ClassVar = {
        "x": "(-0.1 * (x + 1) - 0.5 * y) / (1 + exp(sharpness * x)) + (0.2 * (x - 1) + y) / (1 + exp(-sharpness * x))",
        "y": "(0.5 * (x + 1) - 0.1 * y) / (1 + exp(sharpness * x)) + (0.2 * y - (x - 1)) / (1 + exp(-sharpness * x))",
    }
    units: ClassVar = {"t": "s"}
    defaults: ClassVar = {"sharpness": 1.0}


class Logistic(System):
    """A population that grows until its food is used up (Verhulst 1838)."""

    equations: ClassVar = {"x": "rate * x * (1 - x / capacity)"}
    exact: ClassVar = {"x": "capacity * x0 / (x0 + (capacity - x0) * exp(-rate * t))"}
    units: ClassVar = {"t": "a", "rate": "1/a"}
    defaults: ClassVar = {"rate": 1.0, "capacity": 1.0}


class VanDerPol(System):
    """An oscillation that feeds small swings and damps large ones; stiff for a large ``mu``.

    Van der Pol 1926, doi:10.1080/14786442608564127.
    """

    equations: ClassVar = {"x": "v", "v": "mu * (1 - x**2) * v - x"}
    defaults: ClassVar = {"mu": 1.0}
