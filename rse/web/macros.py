"""What every template may call."""

from collections.abc import Callable
from typing import Any

GLOBALS: dict[str, Callable[..., Any]] = {}
FILTERS: dict[str, Callable[..., Any]] = {}
