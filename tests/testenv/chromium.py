"""What Playwright's driver needs beside the browser: a library that small systems do not have."""

import ctypes
from pathlib import Path

from tests.testenv.programs import Program


def driver_runs() -> bool:
    """Has the system the one library that the driver's Node.js wants and the browser does not?"""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def driver(program: Program, folder: Path) -> Path:
    """A stand-in for the driver's Node.js that starts it with the unpacked libraries."""
    from playwright._impl._driver import compute_driver_executable  # the services need no packages

    wrapper = folder / "node"
    node = Path(compute_driver_executable()[0])
    libraries = program.extra["LD_LIBRARY_PATH"]
    wrapper.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" exec "{node}" "$@"\n')
    wrapper.chmod(0o755)
    return wrapper
