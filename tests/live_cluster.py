"""One embedded cluster with its controllers, inside one event loop, for the stories that tests tell."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.custom_kinds import CustomKinds
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.state import State
from meshglobal.sandbox.controllers.start import Setting, start

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.controllers.controller import Loop


@dataclass
class Live:
    """A running cluster: its client, its controllers, and short ways to make objects."""

    client: LocalClient
    loop: Loop

    async def settle(self) -> None:
        await self.loop.settled()

    async def until(self, holds: Callable[[], Any], seconds: float = 10) -> None:
        """Wait for something that comes with time; fails after a deadline."""
        ends = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < ends, "did not come true in time"
            await asyncio.sleep(0.02)

    def namespace(self, name: str = "shop") -> JSON:
        return self.client.create("namespaces", {"metadata": {"name": name}})

    def service(self, name: str = "web", **spec: Any) -> JSON:
        given = {"selector": {"app": name}, "ports": [{"name": "http", "port": 80}]} | spec
        return self.client.create("services", {"metadata": {"name": name, "namespace": "shop"}, "spec": given})

    def deployment(self, name: str = "web", **spec: Any) -> JSON:
        given = {"replicas": 2, "selector": {"matchLabels": {"app": name}}, "template": template(name)} | spec
        return self.client.create("deployments.apps", {"metadata": {"name": name, "namespace": "shop"}, "spec": given})

    def change(self, resource: str, name: str, namespace: str = "shop", **spec: Any) -> JSON:
        """Replace fields of an object's spec."""
        found = self.one(resource, name, namespace)
        return self.client.replace(resource, found | {"spec": found["spec"] | spec})

    def one(self, resource: str, name: str, namespace: str = "shop") -> JSON:
        found = self.client.get(resource, namespace, name)
        assert found is not None, f"no {resource} {name}"
        return found

    def names(self, resource: str, namespace: str = "shop") -> list[str]:
        return [each["metadata"]["name"] for each in self.client.list(resource, namespace)]


def template(app: str = "web", image: str = "example.com/web:1", **spec: Any) -> JSON:
    """A pod template with one container."""
    given = {"containers": [{"name": app, "image": image}]} | spec
    return {"metadata": {"labels": {"app": app}}, "spec": given}


def run_in_cluster(story: Callable[[Live], Awaitable[None]], setting: Setting | None = None) -> None:
    """Run an async story in an embedded cluster whose namespace `shop` is there."""

    async def whole() -> None:
        state = State("east")
        CustomKinds(state)
        client = LocalClient(state)
        loop = start(client, setting)
        cluster = Live(client, loop)
        cluster.namespace()
        await cluster.settle()
        try:
            await asyncio.wait_for(story(cluster), 30)
        finally:
            loop.stop()

    asyncio.run(whole())
