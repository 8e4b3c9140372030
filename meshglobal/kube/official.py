"""The official client without what only others need of it: its import is most of a short run's time.

`from kubernetes.config import new_client_from_config_dict` takes 0.29 s of processor time on top of urllib3, which
the requests need anyway; through this module it takes 0.07 s (docs/benchmarks.md). The rest goes into packages that
reading a kubeconfig and sending a request never touch: the `__init__` of `kubernetes` (watch, stream, dynamic client,
leader election), pydantic for typed models, requests and oauthlib for refreshing an OIDC token.

So those packages stand in `sys.modules` unexecuted, as real modules with their real specs: their submodules can be
imported, and the first look at anything else in one executes it. Nobody sees a difference but in when it happens.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, NamedTuple

_DEFERRED = ("kubernetes", "kubernetes.client", "kubernetes.utils", "oauthlib.oauth2", "requests_oauthlib")
_executing = threading.RLock()


class Official(NamedTuple):
    """What we use of the official client: the kubeconfig's rules, and a urllib3 pool made by them."""

    configuration: Any
    """The class `Configuration`."""
    load: Callable[..., None]
    """`load_kube_config_from_dict`."""
    rest: Any
    """The class `RESTClientObject`."""
    config_exception: type[Exception]
    """What `load` raises."""


class _Deferred(ModuleType):
    """A package that executes itself when something is looked for in it that is not there yet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        with _executing:
            if isinstance(self, _Deferred):
                self.__class__ = ModuleType  # type: ignore[assignment] # importlib's LazyLoader does the same
                self.__spec__.loader.exec_module(self)  # type: ignore[union-attr] # it came from a spec with a loader
        return getattr(self, name)


@cache
def official() -> Official:
    """Import what is used, once. Thread-safe: the caller that comes second waits at most for the same import."""
    with _executing:
        for name in _DEFERRED:
            _defer(name)
        from kubernetes.client.configuration import Configuration
        from kubernetes.client.rest import RESTClientObject

        sys.modules["kubernetes.client"].Configuration = Configuration  # type: ignore[attr-defined] # it is there in fact
        with _called_later("kubernetes.client", "ApiClient"), _called_later("requests_oauthlib", "OAuth2Session"):
            from kubernetes.config import ConfigException, load_kube_config_from_dict

        return Official(Configuration, load_kube_config_from_dict, RESTClientObject, ConfigException)


def _defer(name: str) -> None:
    """Let a package stand there unexecuted, unless somebody has imported it already."""
    if name in sys.modules or (spec := find_spec(name)) is None:
        return
    module = module_from_spec(spec)
    module.__class__ = _Deferred
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


@contextmanager
def _called_later(package: str, name: str) -> Iterator[None]:
    """Whoever imports a class from a deferred package meanwhile gets a function that makes the same objects."""
    module = sys.modules[package]
    if not isinstance(module, _Deferred):
        yield
        return

    def make(*args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(package), name)(*args, **kwargs)

    setattr(module, name, make)
    try:
        yield
    finally:
        delattr(module, name)
