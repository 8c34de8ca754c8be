"""Starts the reading process, and ends it when it takes too long or says too much."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path

import orjson

import rse

from .unread import CRASHED, SLOW

SECONDS = 40
MOST_ANSWER = 1_000_000
AT_ONCE = 2
_ROOT = str(Path(rse.__file__).parent.parent)
# -I: nothing of the environment, of the user's packages or of the current folder is listened to.
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from rse.files.texts.child import main; main()"
)
_turns = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file, or the reason why there is none."""

    text: str = ""
    reason: str = ""
    # Whether the kernel took the system calls away; limits of time and memory hold in any case.
    shut: bool = False


async def read_text(content: bytes, program: str = _PROGRAM) -> Reading:
    """Read a file's text in a process that can do nothing else."""
    async with _turns:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-B", "-X", "utf8", "-c", program, _ROOT,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/", start_new_session=True,
        )  # fmt: skip
        try:
            async with asyncio.timeout(SECONDS):
                answer = await _converse(process, content)
                if len(answer) <= MOST_ANSWER:
                    await process.wait()
        except TimeoutError:
            return Reading(reason=SLOW)
        finally:
            await _end(process)
    if process.returncode == -signal.SIGXCPU:
        return Reading(reason=SLOW)
    return _reading(answer)


async def _converse(process: Process, content: bytes) -> bytes:
    """Hand over the file and take the answer, no more of it than an answer can have."""
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        return b""
    _fed, answer = await asyncio.gather(_feed(stdin, content), _limited(stdout))
    return answer


async def _feed(stdin: asyncio.StreamWriter, content: bytes) -> None:
    # The child may have refused, and gone, before it read all.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(content)
        await stdin.drain()
        stdin.close()


async def _limited(stdout: asyncio.StreamReader) -> bytes:
    answer = b""
    while len(answer) <= MOST_ANSWER and (piece := await stdout.read(65_536)):
        answer += piece
    return answer


def _reading(answer: bytes) -> Reading:
    if len(answer) > MOST_ANSWER:
        return Reading(reason=CRASHED)
    try:
        said = orjson.loads(answer)
        return Reading(str(said["text"]), str(said["reason"]), bool(said["shut"]))
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return Reading(reason=CRASHED)


async def _end(process: Process) -> None:
    if process.returncode is None:
        _kill(process)
    # It counts as ended once its pipe is empty, and a full one is not read by itself.
    while process.stdout and await process.stdout.read(65_536):
        pass
    await process.wait()


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
