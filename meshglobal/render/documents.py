"""`-o json` and `-o yaml`: the report itself, as one document."""

from __future__ import annotations

from typing import TextIO

import msgspec


def write_line(document: msgspec.Struct, stream: TextIO) -> None:
    """Write a record as JSON on one line."""
    stream.write(msgspec.json.encode(document).decode())
    stream.write("\n")


def write_document(document: msgspec.Struct, output: str, stream: TextIO) -> None:
    """Write a record as JSON (two spaces, one newline at the end) or as YAML with the same fields in the same order."""
    if output == "yaml":
        import yaml

        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        stream.write(yaml.dump(msgspec.to_builtins(document), Dumper=dumper, sort_keys=False, allow_unicode=True))
    else:
        stream.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
        stream.write("\n")
