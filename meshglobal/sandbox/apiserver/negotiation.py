"""In which form an answer is wanted: the Accept header of resource requests."""

from __future__ import annotations

from dataclasses import dataclass

from meshglobal.sandbox.apiserver.problems import ApiError

_JSON = "application/json"
_YAML = "application/yaml"
_MEDIA = {_JSON: _JSON, "*/*": _JSON, "application/*": _JSON, _YAML: _YAML}
_SHAPES = {"Table": "Table", "PartialObjectMetadata": "Partial", "PartialObjectMetadataList": "Partial"}
_ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf"


@dataclass(frozen=True, slots=True)
class Form:
    """The media type of an answer, and its shape: the object itself (empty), a Table, or metadata alone (Partial)."""

    media: str = _JSON
    shape: str = ""


PLAIN = Form()


def form_of(accept: str) -> Form:
    """Return the first form of an Accept header that is served; raises ApiError (406)."""
    if accept in ("", _JSON):
        return PLAIN
    has_media = False
    for clause in accept.split(","):
        media, *settings = [part.strip() for part in clause.split(";")]
        if media not in _MEDIA:
            continue
        has_media = True
        wanted = dict(part.split("=", 1) for part in settings if "=" in part).get("as", "")
        if not wanted:
            return Form(_MEDIA[media])
        if wanted in _SHAPES and "g=meta.k8s.io" in settings and "v=v1" in settings:
            return Form(_MEDIA[media], _SHAPES[wanted])
    raise _not_acceptable(knows_media=has_media)


def _not_acceptable(*, knows_media: bool) -> ApiError:
    if knows_media:
        return ApiError(406, "NotAcceptable", f"only the following media types are accepted: {_ACCEPTED}")
    streams = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"
    text = f"406: Not Acceptable\n\nAvailable representations: {_ACCEPTED}, {streams}"
    return ApiError(406, "NotAcceptable", text)
