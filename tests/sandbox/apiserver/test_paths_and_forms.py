from __future__ import annotations

import pytest

from meshglobal.sandbox.apiserver.negotiation import Form, form_of
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.resources import Catalogue
from meshglobal.sandbox.apiserver.routing import Route, parse

_JSON, _YAML = "application/json", "application/yaml"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/api/v1/nodes", Route("", "v1", "nodes")),
        ("/api/v1/nodes/a/status", Route("", "v1", "nodes", name="a", subresource="status")),
        ("/api/v1/namespaces/n/pods/p/log", Route("", "v1", "pods", "n", "p", "log")),
        ("/api/v1/namespaces/n", Route("", "v1", "namespaces", "n", "n")),
        ("/api/v1/namespaces/n/finalize", Route("", "v1", "namespaces", "n", "n", "finalize")),
        ("/api/v1/watch/namespaces/n/pods", Route("", "v1", "pods", "n", is_watch=True)),
        ("/apis/apps/v1/namespaces/n/deployments/", Route("apps", "v1", "deployments", "n")),
        ("/api/v1/namespaces/n/services/s/proxy/a/b", Route("", "v1", "services", "n", "s", "proxy")),
        ("/api/v1/namespaces/n/pods/p/log/more", None),
        ("/api/v1", None),
        ("/apis/apps/v1", None),
        ("/version", None),
    ],
)
def test_a_path_is_taken_apart(path: str, route: Route | None) -> None:
    assert parse(path) == route


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", Form(_JSON)),
        ("*/*", Form(_JSON)),
        ("application/yaml", Form(_YAML)),
        ("application/vnd.kubernetes.protobuf,application/json", Form(_JSON)),
        ("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", Form(_JSON, "Table")),
        ("application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", Form(_JSON)),
        ("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", Form(_JSON, "Partial")),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", Form(_JSON)),
    ],
)
def test_the_first_form_that_is_served_is_taken(accept: str, form: Form) -> None:
    assert form_of(accept) == form


@pytest.mark.parametrize("accept", ["application/xml", "application/json;as=Nonsense;v=v1;g=meta.k8s.io"])
def test_a_form_that_nobody_writes_is_not_acceptable(accept: str) -> None:
    with pytest.raises(ApiError) as refused:
        form_of(accept)
    assert refused.value.status == 406


def test_every_kind_is_stored_in_one_version_and_has_names_of_its_own() -> None:
    catalogue = Catalogue()
    for resource in catalogue:
        assert catalogue.by_key(resource.key).version == resource.storage_version
        assert resource.type_prefix.startswith(b'{"kind":"')
    keys = [each.key for each in catalogue if each.version == each.storage_version]
    assert len(keys) == len(set(keys))


def test_what_one_cluster_defines_no_other_serves() -> None:
    one, other = Catalogue(), Catalogue()
    one.remove("services")
    assert one.find("", "v1", "services") is None
    assert other.find("", "v1", "services") is not None
