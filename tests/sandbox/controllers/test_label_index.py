"""The indexes find exactly what looking at everything would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.controllers.label_index import LabelIndex, SelectorIndex

labels = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"), max_size=3)
names = st.text("nm", min_size=1, max_size=2)
filed = st.dictionaries(names, labels, max_size=6)


@given(filed, st.sets(names), labels.filter(bool))
def test_a_selector_finds_the_objects_that_it_selects(
    objects: dict[str, dict[str, str]], gone: set[str], selector: dict[str, str]
) -> None:
    index = LabelIndex()
    for name, given_labels in objects.items():
        index.put("shop", name, given_labels)
        index.put("other", name, given_labels)
    for name in gone & set(objects):
        index.drop("shop", name, objects[name])
    left = {name: found for name, found in objects.items() if name not in gone}
    expected = {name for name, found in left.items() if selector.items() <= found.items()}
    assert sorted(index.selected("shop", selector)) == sorted(expected)


@given(filed, st.sets(names), labels)
def test_an_object_finds_the_selectors_that_select_it(
    selectors: dict[str, dict[str, str]], gone: set[str], given_labels: dict[str, str]
) -> None:
    index = SelectorIndex()
    for name, selector in selectors.items():
        index.put("shop", name, selector)
        index.put("other", name, selector)
    for name in gone & set(selectors):
        index.drop("shop", name, selectors[name])
    left = {name: selector for name, selector in selectors.items() if name not in gone and selector}
    expected = {name for name, selector in left.items() if selector.items() <= given_labels.items()}
    assert sorted(index.selecting("shop", given_labels)) == sorted(expected)
