"""Loops are compiled where numba is installed; without it the same code runs as it stands."""

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar, cast

Loop = TypeVar("Loop", bound=Callable[..., Any])

IS_COMPILED = find_spec("numba") is not None and not os.environ.get("MATCHING_PLAIN")


def loop(function: Loop) -> Loop:
    """Compile a loop over integers and arrays of them, if it can be; the answer is the same."""
    if not IS_COMPILED:
        return function
    return cast(Loop, import_module("numba").njit(cache=True, nogil=True)(function))
