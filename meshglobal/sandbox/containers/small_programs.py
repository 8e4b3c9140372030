"""The small programs: true, false, env, hostname, echo, cat, sleep."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.process import Process

_LONGEST_SLEEP = 1e8  # no program runs so long
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_INTERVAL = re.compile(r"(\d{1,9}(?:\.\d{1,9})?|infinity|inf)([smhd]?)")


async def true(_process: Process) -> int:
    """End well."""
    return 0


async def false(_process: Process) -> int:
    """End badly."""
    return 1


async def env(process: Process) -> int:
    """Print the environment; runs nothing."""
    if process.arguments:
        await process.complain(f"env: can't execute '{process.arguments[0]}': No such file or directory")
        return 127
    for name, value in process.environment.items():
        await process.say(f"{name}={value}")
    return 0


async def hostname(process: Process) -> int:
    """Print the pod's name, or with `-i` its address; the name cannot be changed."""
    if process.arguments == ("-i",):
        await process.say(process.address)
        return 0
    if process.arguments:
        await process.complain("hostname: sethostname: Operation not permitted")
        return 1
    await process.say(process.environment.get("HOSTNAME", process.source.pod))
    return 0


async def echo(process: Process) -> int:
    """Print the arguments."""
    ends_line = process.arguments[:1] != ("-n",)
    words = " ".join(process.arguments if ends_line else process.arguments[1:])
    await process.stdout.write((f"{words}\n" if ends_line else words).encode())
    return 0


async def cat(process: Process) -> int:
    """Copy the input to the output; a container has no files."""
    code = 0
    for name in process.arguments or ("-",):
        if name != "-":
            await process.complain(f"cat: can't open '{name}': No such file or directory")
            code = 1
            continue
        while data := await process.stdin.read():
            await process.stdout.write(data)
    return code


async def sleep(process: Process) -> int:
    """Wait."""
    seconds = 0.0
    for word in process.arguments:
        match = _INTERVAL.fullmatch(word)
        if match is None:
            await process.complain(f"sleep: invalid number '{word}'")
            return 1
        seconds += float(match[1]) * _UNITS[match[2]]
    if not process.arguments:
        await process.complain("sleep: missing operand")
        return 1
    await asyncio.sleep(min(seconds, _LONGEST_SLEEP))
    return 0
