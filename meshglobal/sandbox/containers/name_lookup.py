"""The programs that only ask for a name: `getent hosts NAME` and `nslookup NAME`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.containers.network import Refusal, Way

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.process import Process

_ANY_PORT = 80
_SERVER = "10.96.0.10"
_KINDS = ("hosts", "ahosts", "ahostsv4")


async def addresses_of(process: Process, name: str) -> tuple[str, ...]:
    """Return what a name stands for in the pod; nothing where it is not known."""
    # A name is known or not whatever the port, so any port will do; nothing is sent to it.
    way = await process.network.way(process.source, name.removesuffix("."), _ANY_PORT)
    return way.addresses if isinstance(way, Way | Refusal) else ()


async def getent(process: Process) -> int:
    """Print each address and the name; 2 where a name is not known."""
    kind, *names = process.arguments or ("",)
    if kind not in _KINDS:
        await process.complain(f"Unknown database: {kind}" if kind else "getent: wrong number of arguments")
        return 1
    code = 0
    for name in names:
        found = await addresses_of(process, name)
        for address in found:
            await process.say(f"{address:<15} {name}")
        code = code if found else 2
    return code


async def nslookup(process: Process) -> int:
    """Print what a name server would say; 1 for NXDOMAIN."""
    names = [each for each in process.arguments if not each.startswith("-")]
    if not names:
        await process.complain("Usage: nslookup HOST")
        return 1
    await process.say(f"Server:\t\t{_SERVER}\nAddress:\t{_SERVER}:53\n")
    found = await addresses_of(process, names[0])
    if not found:
        await process.say(f"** server can't find {names[0]}: NXDOMAIN\n")
        return 1
    for address in found:
        await process.say(f"Name:\t{names[0]}\nAddress: {address}")
    await process.say("")
    return 0
