"""The differences that refused pod updates show; the recorded ones are replayed in test_recordings.py."""

from __future__ import annotations

from meshglobal.sandbox.apiserver.internal_form import difference

POD = {"containers": [{"name": "app", "image": "x", "env": [{"name": "A", "value": "1"}]}], "dnsPolicy": "ClusterFirst"}


def test_equal_values_differ_in_no_line() -> None:
    assert difference(POD, POD, "PodSpec") == ""


def test_a_changed_field_is_shown_with_what_stands_around_it() -> None:
    changed = POD | {"dnsPolicy": "Default"}
    assert difference(POD, changed, "PodSpec").splitlines()[1:] == [
        '  "RestartPolicy": "",',
        '  "TerminationGracePeriodSeconds": null,',
        '  "ActiveDeadlineSeconds": null,',
        '- "DNSPolicy": "ClusterFirst",',
        '+ "DNSPolicy": "Default",',
        '  "NodeSelector": null,',
        '  "ServiceAccountName": "",',
        '  "AutomountServiceAccountToken": null,',
    ]


def test_parts_of_known_types_show_all_their_fields() -> None:
    added = POD | {
        "containers": [*POD["containers"], {"name": "side", "securityContext": {"capabilities": {"add": ["X"]}}}]
    }
    lines = difference(POD, added, "PodSpec").splitlines()
    assert '+   "Name": "side",' in lines
    assert '+   "Stdin": false,' in lines
    assert '+     "Drop": null' in lines
