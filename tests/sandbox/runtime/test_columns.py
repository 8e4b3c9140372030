from __future__ import annotations

from meshglobal.sandbox.runtime.columns import aligned, listing


def test_columns_are_three_apart_and_at_least_six_wide() -> None:
    assert aligned([["A", "LONGER", "C"], ["1", "x", "last"]]) == "A     LONGER   C\n1     x        last\n"


def test_a_table_is_laid_out_as_kubectl_does() -> None:
    columns = [{"name": "Name"}, {"name": "Hosts"}, {"name": "Location"}, {"name": "Age"}, {"name": "Wide"}]
    columns[-1]["priority"] = 1  # type: ignore[assignment] # as the API server sends it
    table = {"columnDefinitions": columns, "rows": [{"cells": ["autogen.a.b", '["b.a.mesh"]', None, "1s", "hidden"]}]}
    assert listing(table) == (
        'NAME          HOSTS          LOCATION   AGE\nautogen.a.b   ["b.a.mesh"]              1s\n'
    )
