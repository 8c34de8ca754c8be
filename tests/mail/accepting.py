"""One SMTP door in a process of its own, to be killed or starved."""

import asyncio
import os
import resource
import signal
import sys
from pathlib import Path

from rse.mail import spool
from tests.mail.doors import open_doors


def _killed_after_rename(path: Path) -> None:
    """Die between the synced rename and the answer."""
    spool_sync(path)
    if path.name == "received":
        os.kill(os.getpid(), signal.SIGKILL)


spool_sync = spool._sync_directory


async def main(root: Path, how: str) -> None:
    async with open_doors(root) as doors:
        if how == "kill":
            spool._sync_directory = _killed_after_rename
        if how == "full":
            # A real refusal by the kernel: no file of this process may grow past this.
            resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
        print(doors.port, flush=True)  # noqa: T201 - how the test learns it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
