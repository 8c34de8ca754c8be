"""What shuts the reading process in: limits, and the system calls it may still make.

Runs in the child alone, before a byte of the file is looked at. Needs no root: a process may always
give rights away.
"""

import ctypes
import os
import platform
import resource
import struct

CPU_SECONDS = 15
MEMORY_BYTES = 640 * 1024 * 1024
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
# By machine: its number for the kernel, then the calls that computing needs, in this order:
# read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn
# mremap madvise sched_yield sigaltstack exit futex clock_gettime exit_group getrandom gettimeofday.
# Neither open nor socket nor any way to start a program is among them.
_CALLS = {
    "x86_64": (
        0xC000003E,
        (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 25, 28, 24, 131, 60, 202, 228, 231, 318, 96),
    ),
    "aarch64": (
        0xC00000B7,
        (63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 216, 233, 124, 132, 93, 98, 113,
         94, 278, 169),
    ),
}  # fmt: skip


def limit_resources() -> None:
    """Bound time and memory; no file is written, no process started, no core left behind."""
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # A second later comes the signal that does not say what for.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def refuse_system_calls() -> bool:
    """Leave only what computing needs: no file, no network, no program. False where it can't be."""
    machine = _CALLS.get(platform.machine())
    if machine is None:
        return False
    program = _program(*machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.create_string_buffer(head), 0, 0) == 0)


def _program(machine: int, calls: tuple[int, ...]) -> bytes:
    """The kernel's filter: another machine's calls kill, those listed pass, others are refused."""
    steps = [
        (_LOAD, 0, 0, 4), (_JUMP_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)
    ]  # fmt: skip
    for place, call in enumerate(calls):
        steps.append((_JUMP_IF_EQUAL, len(calls) - place, 0, call))
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
