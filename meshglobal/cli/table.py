"""The table of commands: what `--help` lists, without importing any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Entry(NamedTuple):
    """One command: its name, what it does in one line, the module with its Typer ``app``, further names for it."""

    name: str
    help: str
    module: str
    aliases: tuple[str, ...] = ()


LIVE_LIST = "top"
"""The name by which `list` goes on, as with ``--watch``."""

COMMANDS: tuple[Entry, ...] = (
    Entry("expose", "Make services or namespaces global: label, wait, verify.", "expose"),
    Entry("unexpose", "Take services or namespaces back: the reverse of expose.", "unexpose"),
    Entry("verify", "Compare the expected global hosts with the generated entries in every cluster.", "verify"),
    Entry(
        "list",
        "The Global Services table: service by cluster; as top, live.",
        "list_services",
        ("get", "ls", LIVE_LIST),
    ),
    Entry("dashboard", "The Global Services page: the mesh in a browser, live.", "dashboard"),
    Entry("describe", "Everything about one global service, per cluster.", "describe"),
    Entry("diagnose", "Why a global service does not work: one cause, one fix.", "diagnose"),
    Entry("check", "The clusters themselves: control planes, gateways, peering, networks, segments.", "check"),
    Entry("drill", "Take a cluster's copy away, measure the failover, put it back.", "drill"),
    Entry("route", "A Gateway and HTTPRoute for a global host: print, check, apply.", "route"),
    Entry("segment", "Segments: list them, plan and carry out who is in which.", "segment"),
    Entry("call", "Call a global service from a pod of each cluster: who answers, how fast, what fails.", "call"),
    Entry("collect", "What the reading commands read, written down, for --from.", "collect"),
    Entry("explain", "What a finding means and how to mend it.", "explain"),
    Entry("rbac", "The least rights that a command needs, as Roles to apply.", "rbac"),
    Entry("config", "The selected contexts, and where the selection comes from.", "config"),
    Entry("sandbox", "A mesh on your own machine: API servers, emulated control plane.", "sandbox"),
    Entry("completion", "Shell completion for bash, zsh, fish and powershell.", "completion"),
    Entry("version", "The versions of meshglobal, of Python and of the libraries.", "version"),
)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "config": ("contexts",),
    "segment": ("list", "plan", "create", "assign", "unassign", "delete"),
    "segment plan": ("assign", "unassign", "create", "rename-domain"),
}
"""The sub-commands that take the settings of the config file."""


def find(name: str) -> Entry | None:
    """The command of this name or alias."""
    return next((entry for entry in COMMANDS if name == entry.name or name in entry.aliases), None)
