"""Decoders are first made while many clusters answer at once: unguarded, half of these processes crashed."""

from __future__ import annotations

import subprocess
import sys

import pytest

MANY_AT_ONCE = """
import sys, threading
from meshglobal.domain.kinds import KINDS
from meshglobal.kube.answer import object_of, page_of

sys.setswitchinterval(1e-6)
gate = threading.Barrier(16)


def decode(first):
    gate.wait()
    for kind in KINDS[first:] + KINDS[:first]:
        object_of(kind, b'{"metadata": {"name": "a", "labels": {"x": "y"}}, "spec": {}}', "here")
        page_of(kind, b'{"items": [{"metadata": {"name": "a"}}]}', "here")


threads = [threading.Thread(target=decode, args=(number % len(KINDS),)) for number in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.parametrize("attempt", range(8))
def test_many_threads_may_decode_their_first_bodies_at_once(attempt: int) -> None:
    done = subprocess.run([sys.executable, "-c", MANY_AT_ONCE], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), attempt
