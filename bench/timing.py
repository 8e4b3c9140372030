"""Measuring programs and functions in turns, so that a noisy machine is noisy for all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_KIB = 1024
_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds on the clock, seconds of processor time, KiB at most."""

    wall: float
    cpu: float
    peak: int = 0


@dataclass(slots=True)
class Costs:
    """What several runs of the same took."""

    runs: list[Cost] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """Median of the seconds on the clock."""
        return statistics.median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """Median of the seconds of processor time."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def peak(self) -> float:
        """Median of the most memory, in MiB."""
        return statistics.median(run.peak for run in self.runs) / _KIB


def in_turns(measures: Sequence[Callable[[], Cost]], times: int, seconds: float) -> tuple[Costs, ...]:
    """Run all measures in turns: first once unmeasured, to fill caches, then A B A B ...

    Ends after `times` rounds, or with the first round that ends after `seconds`.
    """
    found = tuple(Costs() for _ in measures)
    for measure in measures:
        measure()
    end = time.monotonic() + seconds
    for _ in range(times):
        for costs, measure in zip(found, measures, strict=True):
            costs.runs.append(measure())
        if time.monotonic() > end:
            break
    return found


def cost_of_programs(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> Cost:
    """Run programs one after the other, each to its end, which must be 0; output goes nowhere.

    The peak is that of the largest. Raises RuntimeError for a program that fails.
    """
    began, cpu, peak = time.perf_counter(), 0.0, 0
    for command in commands:
        process = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        with process:
            assert process.stderr is not None  # noqa: S101 - for the type checker; PIPE was asked for
            said = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said.decode(errors='replace')}")
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss)
    return Cost(time.perf_counter() - began, cpu, peak)


def cost_of_call(function: Callable[[], object]) -> Cost:
    """Run a function of this process."""
    began, cpu = time.perf_counter(), time.process_time()
    function()
    return Cost(time.perf_counter() - began, time.process_time() - cpu)
