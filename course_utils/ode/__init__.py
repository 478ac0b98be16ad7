"""Ordinary differential equations: systems with names and units, and solvers with one signature."""

from course_utils.ode.adjoint import Adjoint
from course_utils.ode.formula import FormulaError, parse
from course_utils.ode.heartbeat import Heartbeat
from course_utils.ode.march import StepUnderflow, dopri5, march, march_adaptively
from course_utils.ode.odeint import Counted, odeint
from course_utils.ode.solve import METHODS, Solution, SolverError, solve
from course_utils.ode.steps import euler, heun, implicit_euler, midpoint, rk4, symplectic_euler
from course_utils.ode.systems import (
    Formula,
    LinearLotkaVolterra,
    Logistic,
    LotkaVolterra,
    Pendulum,
    Spiral,
    System,
    TwoCentres,
    VanDerPol,
)

__all__ = [
    "METHODS",
    "Adjoint",
    "Counted",
    "Formula",
    "FormulaError",
    "Heartbeat",
    "LinearLotkaVolterra",
    "Logistic",
    "LotkaVolterra",
    "Pendulum",
    "Solution",
    "SolverError",
    "Spiral",
    "StepUnderflow",
    "System",
    "TwoCentres",
    "VanDerPol",
    "dopri5",
    "euler",
    "heun",
    "implicit_euler",
    "march",
    "march_adaptively",
    "midpoint",
    "odeint",
    "parse",
    "rk4",
    "solve",
    "symplectic_euler",
]
