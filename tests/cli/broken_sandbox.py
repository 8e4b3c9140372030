"""A running sandbox in which causes are set up, and a user who does what is printed."""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from ran import Ran

from meshglobal.sandbox.breaking.recipes import Recipe
from meshglobal.sandbox.breaking.setting_up import settle
from meshglobal.sandbox.runtime.client import clients
from tests.real_program import Program

HERE = ("-n", "bookinfo", "--all-contexts")
_KEPT = (
    "/api/v1/namespaces",
    "/api/v1/namespaces/bookinfo/services",
    "/apis/gateway.networking.k8s.io/v1/gateways",
    "/apis/gateway.networking.k8s.io/v1/httproutes",
    "/apis/admin.solo.io/v1alpha1/segments",
)
_FIRST, _LAST = "<<<", "|"
_LOOKS = 100


@dataclass
class Sandbox:
    """Three clusters in a process of their own; `run` is the program, in this process."""

    program: Program
    run: Callable[..., Ran]

    @property
    def environment(self) -> dict[str, str]:
        """That of a user: our programs on the path, and this sandbox's kubeconfig."""
        return self.program.environment | {"KUBECONFIG": str(self.program.place().kubeconfig)}

    def ok(self, *arguments: str) -> Ran:
        """Run a command that must do."""
        ran = self.run(*arguments)
        assert ran.code == 0, (arguments, ran.out, ran.err)
        return ran

    def seen(self, recipe: Recipe) -> dict[str, Any]:
        """What the command says that is to show the cause."""
        ran = self.run(*recipe.see.split(), "-o", "json")
        document: dict[str, Any] = ran.document
        assert "findings" in document, document
        return document

    def seen_with(self, recipe: Recipe, code: str) -> dict[str, Any]:
        """The same, as soon as it shows a code: controllers may still be at work."""
        for _ in range(_LOOKS):
            document = self.seen(recipe)
            if code in codes_of(document):
                return document
        raise AssertionError(f"{code} was never found: {document}")

    def is_ready(self) -> bool:
        """Whether every global host is as it must be."""
        ran = self.run("verify", *HERE, "--wait", "--timeout", "20s", "-o", "json")
        hosts = ran.document["hosts"]
        return ran.code == 0 and len(hosts) > 2 and {host["state"] for host in hosts} == {"Ready"}

    def obey(self, command: str) -> None:
        """Run a printed command as it is; where it asks for consent, agree."""
        words = shlex.split(command)
        text = None
        if _FIRST in words:  # a here-string, which the shell would put on stdin
            at = words.index(_FIRST)
            words, text = words[:at], words[at + 1]
        assert words, "nothing was printed that mends it"
        assert not {_LAST, "&&", ";"} & set(words), command
        with _terminal() if text is None else _pipe(text) as stdin:
            done = subprocess.run(
                words, env=self.environment, stdin=stdin, capture_output=True, text=True, check=False, timeout=60
            )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        with ExitStack() as stack:
            path = self.program.place().kubeconfig
            settle({client.name: stack.enter_context(closing(client)) for client in clients(path)})

    def objects(self) -> dict[tuple[str, ...], str]:
        """What a user has in the clusters: labels, annotations and specs, by cluster and place."""
        found: dict[tuple[str, ...], str] = {}
        for client in clients(self.program.place().kubeconfig):
            with closing(client):
                for path in _KEPT:
                    for obj in client.get(path)["items"]:
                        meta = obj["metadata"]
                        place = (client.name, path, meta.get("namespace", ""), meta["name"])
                        said = (meta.get("labels"), meta.get("annotations"), obj.get("spec"))
                        found[place] = json.dumps(said, sort_keys=True)
        return found


def named(document: dict[str, Any]) -> dict[str, Any] | None:
    """What `diagnose` tells one to look at: the cause, or where nothing is broken the doubt."""
    found: dict[str, Any] | None = document["cause"] or document["doubt"]
    return found


def codes_of(document: dict[str, Any]) -> dict[str, str]:
    """The codes of the findings, each with its level."""
    return {one["code"]: one["level"] for one in document["findings"]}


@contextmanager
def _terminal() -> Iterator[int]:
    """A terminal at which somebody has typed yes."""
    person, terminal = pty.openpty()
    os.write(person, b"y\n")
    try:
        yield terminal
    finally:
        os.close(person)
        os.close(terminal)


@contextmanager
def _pipe(text: str) -> Iterator[int]:
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)
