"""How the scores' inner loops are compiled: cached on disk, types kept for mypy."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

import services.matcher.compiled_code  # noqa: F401 — says where to keep what is compiled

F = TypeVar("F", bound=Callable[..., object])
# No value is ever NaN, and the sign of zero says nothing; infinities do (−inf is "not eligible").
FLAGS = {"nnan", "nsz", "contract"}


def compiled_rows(function: F) -> F:
    """A block of rows. Without the interpreter lock, so that the caller's threads take blocks in parallel: numba's own
    threads may not be entered from two threads at once (it crashes), nor from a forked worker.
    """
    return cast("F", numba.njit(cache=True, nogil=True, fastmath=FLAGS)(function))


def compiled_loop(function: F) -> F:
    """Passes within a row: they make no arrays, so that nobody needs to count who holds one (half of the time)."""
    options: dict[str, Any] = {"cache": True, "fastmath": FLAGS, "error_model": "numpy", "_nrt": False}
    return cast("F", numba.njit(**options)(function))


def compiled_inline(function: F) -> F:
    """A group of passes, made part of its caller: handing over dozens of arrays would cost more than the passes."""
    return cast("F", numba.njit(inline="always")(function))
