"""Hold the size limits of docs/architecture.md.

Files: half under 120 lines, nine in ten under 250, none over 400.
Functions: half under 10 lines, none over 60. A docstring does not count towards a function's length.
"""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_MEDIAN, FILE_NINTH_DECILE, FILE_MOST = 120, 250, 400
FUNCTION_MEDIAN, FUNCTION_MOST = 10, 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def function_length(node: Function) -> int:
    """Lines of a function's signature and body, without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def functions_of(path: Path) -> list[tuple[str, int]]:
    """Every function of a file as (``file:line name``, length)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", function_length(node))
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]


def violations(files: dict[str, int], functions: list[tuple[str, int]]) -> list[str]:
    """What breaks a limit, one sentence each."""
    found = [f"{name}: {length} lines, at most {FILE_MOST}" for name, length in files.items() if length > FILE_MOST]
    found += [
        f"{name}: {length} lines, at most {FUNCTION_MOST}" for name, length in functions if length > FUNCTION_MOST
    ]
    lengths = sorted(files.values())
    if (median := statistics.median(lengths)) > FILE_MEDIAN:
        found.append(f"half of the files must be under {FILE_MEDIAN} lines, the median is {median}")
    if (ninth := lengths[int(len(lengths) * 0.9)]) > FILE_NINTH_DECILE:
        found.append(f"nine in ten files must be under {FILE_NINTH_DECILE} lines, the ninth decile is {ninth}")
    if (median := statistics.median(length for _, length in functions)) > FUNCTION_MEDIAN:
        found.append(f"half of the functions must be under {FUNCTION_MEDIAN} lines, the median is {median}")
    return found


def main() -> int:
    """Print what is too long; 1 if anything is."""
    paths = sorted((ROOT / "meshglobal").rglob("*.py"))
    files = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    files = {name: length for name, length in files.items() if length > 1}
    found = violations(files, [function for path in paths for function in functions_of(path)])
    print("\n".join(found) if found else f"sizes: {len(files)} files within the limits")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
