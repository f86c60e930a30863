"""One way to compile: cached on disk, without the interpreter lock, with our types kept for mypy."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    return cast("F", numba.njit(cache=True, nogil=True)(function))


def compiled_fast(function: F) -> F:
    """For reductions that may be reordered (maxima): lets the compiler use vector instructions."""
    flags = {"nnan", "nsz", "reassoc", "contract"}
    return cast("F", numba.njit(cache=True, nogil=True, fastmath=flags)(function))
