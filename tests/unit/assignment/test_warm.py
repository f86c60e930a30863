"""What is compiled ahead is all that runs need: nothing is left for the first of them."""

import importlib
import pkgutil

import numpy as np
from numba.core.dispatcher import Dispatcher

import services.matcher.assignment as engine
from services.matcher.assignment.problem import Problem, Rules
from services.matcher.assignment.sources import DenseScores, FactorScores
from services.matcher.warm import compile_assignment, run
from tests.unit.assignment.instances import topic_vectors


def compiled() -> dict[str, int]:
    """How many signatures of each inner loop are compiled."""
    names = [f"{engine.__name__}.{found.name}" for found in pkgutil.iter_modules(engine.__path__)]
    modules = [importlib.import_module(name) for name in names]
    loops = {str(loop): loop for module in modules for loop in vars(module).values()
             if isinstance(loop, Dispatcher)}  # fmt: skip
    return {name: len(loop.signatures) for name, loop in loops.items()}


def test_after_compiling_ahead_runs_compile_nothing() -> None:
    compile_assignment()
    ahead = compiled()
    left, right, capacity = topic_vectors(700, 350, 4)
    for rules in (Rules(), Rules("none", "none", 0.1)):
        run(Problem(FactorScores(left, right, clip0=True), capacity), rules)
        run(Problem(DenseScores(np.random.default_rng(0).random((50, 20))), capacity[:20]), rules)
    assert compiled() == ahead
    assert sum(count > 0 for count in ahead.values()) >= 30
