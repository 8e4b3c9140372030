import pytest

from meshglobal.sandbox.apiserver.patching.decoding import read_applied, read_object_patch, read_operations
from meshglobal.sandbox.apiserver.problems import ApiError


# Recorded from a real server.
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"not json", "error decoding patch: invalid character 'o' in literal null (expecting 'u')"),
        (b"[]", "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"),
        (b"null", "Invalid JSON Patch"),
        (b'{"a":', "error decoding patch: unexpected end of JSON input"),
        (b'{"a"', "error decoding patch: unexpected end of JSON input"),
        (b"tru", "error decoding patch: unexpected end of JSON input"),
        (b"{a: 1}", "error decoding patch: invalid character 'a' looking for beginning of object key string"),
        (b"{} x", "error decoding patch: invalid character 'x' after top-level value"),
        (b"", "error decoding patch: unexpected end of JSON input"),
    ],
)
def test_a_broken_merge_patch_is_refused_in_gos_words(body: bytes, message: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_object_patch(body, is_strategic=False)
    assert (refused.value.status, refused.value.message) == (400, message)


def test_a_strategic_patch_is_refused_without_the_prefix() -> None:
    with pytest.raises(ApiError, match=r"^json: cannot unmarshal string into Go value of type map"):
        read_object_patch(b'"text"', is_strategic=True)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[{", "error decoding patch: unexpected end of JSON input"),
        (b"{}", "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        (b"[1]", "error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp"),
    ],
)
def test_broken_operations_are_refused(body: bytes, message: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_operations(body)
    assert (refused.value.status, refused.value.message) == (400, message)


def test_an_applied_configuration_may_be_yaml_and_its_dates_stay_strings() -> None:
    body = b"metadata:\n  creationTimestamp: 2026-01-01T00:00:00Z\ndata: {2: x, on: y}\n"
    assert read_applied(body) == {
        "metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"},
        "data": {"2": "x", "true": "y"},
    }


def test_broken_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(ApiError) as refused:
        read_applied(b"apiVersion: v1\nkind: Service\nmetadata: {name: x\n")
    assert refused.value.message == (
        "error decoding YAML: error converting YAML to JSON: yaml: line 3: did not find expected ',' or '}'"
    )
