"""Credentials from exec plugins, each distinct plugin run once and its result shared by every context that names it.

The official loader runs a plugin for every context, and where it fails logs that and goes on without credentials.
Here its `ExecProvider` is run once per distinct stanza; a failure is kept and fails all of those clusters.
"""

from __future__ import annotations

import base64
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from meshglobal.kube.official import official
from meshglobal.kube.redaction import first_line, without_secrets


class PluginError(Exception):
    """A plugin that gave no credentials: one sentence, without secrets."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What a plugin gave, as keys of a kubeconfig user; ``generation`` counts the runs of this plugin."""

    user: Mapping[str, str]
    generation: int


def is_terminal() -> bool:
    """Whether a plugin could ask a person: it would read from stdin and prompt beside our output."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


class _Slot:
    """One distinct plugin: the lock lets one thread run it while the others wait for its result."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.outcome: Issued | PluginError | None = None
        self.runs = 0


class ExecPlugins:
    """All plugins of a run. Thread-safe."""

    def __init__(self, has_terminal: Callable[[], bool] = is_terminal) -> None:
        self._has_terminal = has_terminal
        self._slots: dict[bytes, _Slot] = {}
        self._lock = threading.Lock()
        self._terminal = threading.Lock()

    def credentials(self, stanza: Mapping[str, Any], cluster: Mapping[str, Any], newer_than: int = 0) -> Issued:
        """The plugin's credentials, running it when it has not run, or not more than ``newer_than`` times.

        Raises:
            PluginError: it failed; also for everyone who asks later.
        """
        seen = dict(cluster) if stanza.get("provideClusterInfo") else {}
        key = msgspec.json.encode([stanza, seen], order="deterministic")
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
        with slot.lock:
            if slot.outcome is None or slot.runs <= newer_than:
                slot.runs += 1
                slot.outcome = self._attempt(stanza, seen, slot.runs)
            outcome = slot.outcome
        if isinstance(outcome, PluginError):
            raise outcome
        return outcome

    def _attempt(self, stanza: Mapping[str, Any], cluster: Mapping[str, Any], generation: int) -> Issued | PluginError:
        mode = stanza.get("interactiveMode", "IfAvailable")
        has_terminal = self._has_terminal()
        if mode == "Always" and not has_terminal:
            return PluginError(f"{_name(stanza)} must ask you something and there is no terminal")
        try:
            if has_terminal and mode != "Never":
                with self._terminal:  # two plugins must not ask at once
                    return Issued(_run(stanza, cluster), generation)
            return Issued(_run(stanza, cluster), generation)
        except PluginError as error:
            return error


def _name(stanza: Mapping[str, Any]) -> str:
    return f"exec plugin {stanza.get('command', '')}".rstrip()


def _run(stanza: Mapping[str, Any], cluster: Mapping[str, Any]) -> Mapping[str, str]:
    config_exception = official().config_exception  # first: it makes what follows cheap
    from kubernetes.config.exec_provider import ExecProvider
    from kubernetes.config.kube_config import ConfigNode

    target = ConfigNode("cluster", dict(cluster)) if cluster else None  # a copy: the provider adds to it
    try:
        status = ExecProvider(ConfigNode("exec", dict(stanza)), None, target).run()
    except config_exception as error:
        raise PluginError(f"{_name(stanza)}: {_reason(str(error), stanza)}") from None  # its text may hold secrets
    except OSError as error:
        hint = first_line(str(stanza.get("installHint") or ""))
        raise PluginError(f"{_name(stanza)} cannot be run: {error.strerror}" + (f"; {hint}" if hint else "")) from error
    except (KeyError, TypeError) as error:
        raise PluginError(f"{_name(stanza)}: its stanza in the kubeconfig is malformed") from error
    return _user_of(status, stanza)


def _reason(text: str, stanza: Mapping[str, Any]) -> str:
    """The plugin's own words: what follows ``exec: process returned 1. ``, its first line."""
    text = text.removeprefix("exec: ")
    returned, _, said = text.partition(". ")
    if text.startswith("process returned"):
        text = said or f"{returned} and said nothing"
    variables = stanza.get("env") or []
    return without_secrets(first_line(text), [str(item.get("value", "")) for item in variables])


def _user_of(status: Any, stanza: Mapping[str, Any]) -> Mapping[str, str]:
    found = status if isinstance(status, dict) else {}
    user = {}
    if token := found.get("token"):
        user["token"] = str(token)
    if (certificate := found.get("clientCertificateData")) and (key := found.get("clientKeyData")):
        user["client-certificate-data"] = base64.b64encode(str(certificate).encode()).decode()
        user["client-key-data"] = base64.b64encode(str(key).encode()).decode()
    if not user:
        raise PluginError(f"{_name(stanza)} gave neither a token nor a certificate with its key")
    return user
