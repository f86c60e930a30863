"""How the scores' inner loops are compiled: cached on disk, types kept for mypy."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
# No value is ever NaN, and the sign of zero says nothing; infinities do (−inf is "not eligible").
FLAGS = {"nnan", "nsz", "contract"}


def compiled_rows(function: F) -> F:
    """Rows in parallel."""
    return cast("F", numba.njit(cache=True, parallel=True, fastmath=FLAGS)(function))


def compiled_loop(function: F) -> F:
    """One pass within a row."""
    return cast("F", numba.njit(cache=True, fastmath=FLAGS, error_model="numpy")(function))
