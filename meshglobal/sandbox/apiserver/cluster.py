"""One embedded cluster: its objects, its API, its listener."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.api import Api
from meshglobal.sandbox.apiserver.auth import Accounts
from meshglobal.sandbox.apiserver.certificates import Authority
from meshglobal.sandbox.apiserver.custom_kinds import CustomKinds
from meshglobal.sandbox.apiserver.http import Listener
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.rbac import User
from meshglobal.sandbox.apiserver.state import State
from meshglobal.sandbox.containers.runtime import Containers
from meshglobal.sandbox.controllers.start import Setting, start

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshglobal.sandbox.apiserver.faults import Faults
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.controllers.controller import Loop

_FIRST_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")


@dataclass(slots=True)
class EmbeddedCluster:
    """A running cluster. It belongs to the event loop that started it."""

    name: str
    state: State
    api: Api
    listener: Listener
    authority: Authority
    controllers: Loop | None = None
    containers: Containers | None = None

    @property
    def url(self) -> str:
        """Where its API server listens."""
        return f"https://127.0.0.1:{self.listener.port}"

    @property
    def ca_pem(self) -> str:
        """The certificate that vouches for the listener's."""
        return self.authority.pem

    @property
    def tokens(self) -> dict[str, str]:
        """User name -> bearer token; `admin` may do everything."""
        return self.api.accounts.tokens()

    @property
    def faults(self) -> Faults:
        """Troubles of this cluster's API server."""
        return self.listener.faults

    def client(self, manager: str = "sandbox") -> LocalClient:
        """Return in-process access to the cluster's objects."""
        return LocalClient(self.state, manager)

    def add_user(self, name: str, rules: Iterable[JSON] = (), namespace: str = "") -> str:
        """Admit a user who may do what these rules say, in one namespace or everywhere; return the token."""
        self.api.authorizer.grant(name, rules, namespace)
        return self.api.accounts.add(User(name, ("system:authenticated",)))

    def compact(self) -> int:
        """Forget all versions of all objects but the present ones; return the present resourceVersion."""
        return self.state.store.compact()

    async def stop(self) -> None:
        """Stop the controllers, the programs in containers, and the listener."""
        if self.controllers is not None:
            self.controllers.stop()
        if self.containers is not None:
            self.containers.stop()
        await self.listener.stop()


async def start_cluster(
    name: str,
    authority: Authority | None = None,
    *,
    port: int = 0,
    has_controllers: bool = True,
    setting: Setting | None = None,
) -> EmbeddedCluster:
    """Start a cluster with the namespaces that every cluster has.

    Args:
        name: of the cluster and of its context.
        authority: what vouches for its listener; a new one if there is none to share.
        port: of 127.0.0.1; 0 takes a free one.
        has_controllers: whether workloads come to life.
        setting: the cluster's pod network, the labels of its node and the like.
    """
    authority = authority or Authority()
    state = State(name)
    CustomKinds(state)
    client = LocalClient(state)
    for namespace in _FIRST_NAMESPACES:
        client.create("namespaces", {"metadata": {"name": namespace}})
    api = Api(state, Accounts())
    listener = Listener(api, authority.server_context(name))
    controllers = start(client, replace(setting or Setting(), root_ca=authority.pem)) if has_controllers else None
    if has_controllers:
        state.containers = Containers(client.as_manager("kubelet"), state.now)
    await listener.start(port)
    return EmbeddedCluster(name, state, api, listener, authority, controllers, state.containers)
