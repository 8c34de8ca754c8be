"""A company whose instance runs in a process of its own, to be talked to, killed and started."""

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tests.federation.conftest import PATIENCE_SECONDS, free_port

ROOT = Path(__file__).parent.parent.parent


class Refused(Exception):
    """The instance refused a command with a sentence."""


class Company:
    """One instance: `await company.do("post", space, "Hello")`."""

    def __init__(self, name: str, boss: str, data: Path) -> None:
        self.name, self.boss, self.data = name, boss, data
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process and wait until it serves."""
        environment = {
            **os.environ,
            "RSE_SERVER__DATA_DIR": str(self.data),
            "RSE_SERVER__PUBLIC_URL": self.origin,
            "RSE_SERVER__BIND": f"127.0.0.1:{self.port}",
            "RSE_NETWORK__ALLOWED_PRIVATE": '["127.0.0.0/8"]',
            "RSE_COMMUNITY__LANGUAGE": "en",
            "RSE_LOG__LEVEL": "warning",
            "RSE_FEDERATION__RETRY_FIRST_SECONDS": "0.1",
            "RSE_FEDERATION__RETRY_LONGEST_SECONDS": "0.5",
            "RSE_FEDERATION__POLL_SECONDS": "0.1",
            "COMPANY": self.name,
            "BOSS": self.boss,
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.federation.instance", cwd=ROOT, env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24,
        )  # fmt: skip
        await self._listens()

    async def do(self, command: str, *arguments: Any) -> Any:
        """Have the instance do something; Refused when it says no."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"do": command, "with": arguments}).encode() + b"\n")
        await process.stdin.drain()
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["ok"]

    async def eventually(self, expected: Any, command: str, *arguments: Any) -> Any:
        """Ask until the answer is as expected, or satisfies it; then give it back."""
        answer = None
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience:
            answer = await self.do(command, *arguments)
            if expected(answer) if callable(expected) else answer == expected:
                return answer
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.name}: {command} stayed {answer}")

    async def kill(self) -> None:
        """As if the power went: kill -9."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
        self._process = None

    async def stop(self) -> None:
        """End as on SIGTERM."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            assert await asyncio.wait_for(self._process.wait(), PATIENCE_SECONDS) == 0
        self._process = None

    async def _listens(self) -> None:
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                assert self._process is not None
                assert self._process.returncode is None, f"{self.name} ended while it started"
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return
        raise TimeoutError(f"{self.name} does not start")
