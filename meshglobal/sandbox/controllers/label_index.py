"""Finding selectors and what they select without looking at everything: by single pairs of label and value."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Labels = dict[str, str]
_Pair = tuple[str, str, str]


class _Pairs:
    """Names of one namespace and their labels, filed under some of their pairs."""

    def __init__(self) -> None:
        self._filed: dict[_Pair, dict[str, Labels]] = defaultdict(dict)

    def add(self, namespace: str, name: str, labels: Labels, pairs: Iterable[tuple[str, str]]) -> None:
        for key, value in pairs:
            self._filed[namespace, key, value][name] = labels

    def remove(self, namespace: str, name: str, pairs: Iterable[tuple[str, str]]) -> None:
        for key, value in pairs:
            found = self._filed.get((namespace, key, value), {})
            found.pop(name, None)
            if not found:
                self._filed.pop((namespace, key, value), None)

    def under(self, namespace: str, pair: tuple[str, str]) -> Mapping[str, Labels]:
        return self._filed.get((namespace, *pair), {})


class LabelIndex:
    """Objects by their labels: which of them does a selector of equalities select?"""

    def __init__(self) -> None:
        self._pairs = _Pairs()

    def put(self, namespace: str, name: str, labels: Labels) -> None:
        """File an object that is not filed yet."""
        self._pairs.add(namespace, name, labels, labels.items())

    def drop(self, namespace: str, name: str, labels: Labels) -> None:
        """Take out an object that was filed with these labels."""
        self._pairs.remove(namespace, name, labels.items())

    def selected(self, namespace: str, selector: Mapping[str, str]) -> list[str]:
        """Return the names that a selector selects, which is not empty."""
        fewest = min((self._pairs.under(namespace, pair) for pair in selector.items()), key=len)
        return [name for name, labels in fewest.items() if selector.items() <= labels.items()]


class SelectorIndex:
    """Objects by their selector of equalities: which of them select something with these labels?"""

    def __init__(self) -> None:
        self._pairs = _Pairs()

    def put(self, namespace: str, name: str, selector: Labels) -> None:
        """File an object that is not filed yet; an empty selector selects nothing."""
        self._pairs.add(namespace, name, selector, self._first(selector))

    def drop(self, namespace: str, name: str, selector: Labels) -> None:
        """Take out an object that was filed with this selector."""
        self._pairs.remove(namespace, name, self._first(selector))

    def selecting(self, namespace: str, labels: Mapping[str, str]) -> Iterator[str]:
        """Yield the names whose selector these labels satisfy."""
        for pair in labels.items():
            for name, selector in self._pairs.under(namespace, pair).items():
                if selector.items() <= labels.items():
                    yield name

    @staticmethod
    def _first(selector: Labels) -> list[tuple[str, str]]:
        """Whatever satisfies a selector has its first pair; one is enough to be found."""
        return sorted(selector.items())[:1]
