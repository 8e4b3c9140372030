"""Control planes that do nothing for a while: held, scaled away, or hanging; and remote gateways that were changed."""

from __future__ import annotations

import asyncio

from embedded_mesh import put, running
from mesh_objects import GLOBAL, service, two

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.objects import JSON
from meshglobal.sandbox.controlplane.istiod import Istiods
from meshglobal.sandbox.controlplane.link_status import LinkStatus

NAME = "autogen.bookinfo.reviews"
ENTRIES = "serviceentries.networking.istio.io"
GATEWAYS = "gateways.gateway.networking.k8s.io"
CONNECTED = "gloo.solo.io/PeerConnected"


def istiod(client: LocalClient, name: str, *, is_ready: bool = True) -> None:
    """Put a pod of istiod there."""
    if client.get("serviceaccounts", "istio-system", "default") is None:
        client.create("serviceaccounts", {"metadata": {"name": "default", "namespace": "istio-system"}})
    metadata = {"name": name, "namespace": "istio-system", "labels": {"app": "istiod"}}
    pod = client.create(
        "pods", {"metadata": metadata, "spec": {"containers": [{"name": "discovery", "image": "pilot"}]}}
    )
    ready = [{"type": "Ready", "status": str(is_ready)}]
    client.replace("pods", pod | {"status": {"phase": "Running", "conditions": ready}}, "status")


def end(client: LocalClient, name: str) -> None:
    client.delete("pods", "istio-system", name, grace=0)


def test_a_held_control_plane_writes_nothing_and_is_not_waited_for() -> None:
    async def scene() -> None:
        async with running(two([service()], [])) as mesh:
            mesh.reconciler.hold("west")
            put(mesh.clients["west"], service(labels=GLOBAL))
            await mesh.settled()
            assert mesh.reconciler.is_held("west")
            assert not mesh.entry("west", NAME)
            assert mesh.entry("east", NAME)
            mesh.reconciler.release("west")
            await mesh.settled()
            assert mesh.entry("west", NAME)

    asyncio.run(scene())


def test_a_mesh_ends_although_a_control_plane_is_held() -> None:
    async def scene() -> None:
        async with running(two([service()], [])) as mesh:
            mesh.reconciler.hold("west")
            put(mesh.clients["west"], service(labels=GLOBAL))

    asyncio.run(asyncio.wait_for(scene(), 30))


def test_without_a_ready_istiod_nothing_is_done_and_a_new_one_catches_up() -> None:
    async def scene() -> None:
        async with running(two([service()], [])) as mesh:
            west = mesh.clients["west"]
            istiods = Istiods([west], mesh.reconciler)
            istiods.start()
            assert not mesh.reconciler.is_held("west")  # its scenario has none: somebody else does the work
            istiod(west, "one")
            end(west, "one")
            assert mesh.reconciler.is_held("west")
            put(west, service(labels=GLOBAL))
            istiod(west, "two", is_ready=False)
            await mesh.settled()
            assert not mesh.entry("west", NAME)
            istiod(west, "three")
            await mesh.settled()
            assert mesh.entry("west", NAME)
            istiods.stop()

    asyncio.run(scene())


def test_one_that_hangs_is_ready_and_does_nothing_until_it_is_replaced_or_revived() -> None:
    async def scene() -> None:
        async with running(two([service(labels=GLOBAL)], [])) as mesh:
            west = mesh.clients["west"]
            istiod(west, "one")
            istiods = Istiods([west], mesh.reconciler)
            istiods.start()
            istiods.hang("west")
            assert istiods.hanging() == ["west"]
            west.delete(ENTRIES, "istio-system", NAME)
            await mesh.settled()
            assert not mesh.entry("west", NAME)
            istiod(west, "two")
            await mesh.settled()
            assert mesh.entry("west", NAME)
            end(west, "one")
            assert istiods.hanging() == []
            istiods.hang("west")
            assert mesh.reconciler.is_held("west")
            istiods.revive("west")
            assert not mesh.reconciler.is_held("west")
            istiods.stop()

    asyncio.run(scene())


def test_edited_entries_are_left_where_the_question_is_answered_so() -> None:
    async def scene(*switches: str) -> str:
        async with running(two([service(labels=GLOBAL)], []), *switches) as mesh:
            entry = mesh.entry("west", NAME)
            assert entry is not None
            mesh.clients["west"].replace(ENTRIES, entry | {"spec": entry["spec"] | {"resolution": "NONE"}})
            await mesh.settled()
            left = mesh.entry("west", NAME)
            assert left is not None
            mesh.clients["west"].delete(ENTRIES, "istio-system", NAME)
            await mesh.settled()
            anew = mesh.entry("west", NAME)
            assert anew is not None
            assert anew["spec"]["resolution"] == "STATIC"
            return str(left["spec"]["resolution"])

    assert asyncio.run(scene()) == "STATIC"
    assert asyncio.run(scene("edited-entries=left")) == "NONE"


def test_a_remote_gateway_says_whether_its_address_is_a_peers_once_it_was_changed() -> None:
    def said(client: LocalClient) -> tuple[str, str]:
        gateway = client.get(GATEWAYS, "istio-eastwest", "remote")
        assert gateway is not None
        found = next(each for each in gateway["status"]["conditions"] if each["type"] == CONNECTED)
        return found["status"], found["message"]

    def gateway(class_name: str, name: str) -> JSON:
        listeners = [{"name": "xds-tls", "port": 15012, "protocol": "TLS", "tls": {"mode": "Passthrough"}}]
        return {
            "metadata": {"name": name, "namespace": "istio-eastwest"},
            "spec": {"gatewayClassName": class_name, "listeners": listeners},
        }

    def addressed(value: str) -> list[JSON]:
        return [{"type": "IPAddress", "value": value}]

    async def scene() -> None:
        async with running(two([], [])) as mesh:
            west, east = mesh.clients["west"], mesh.clients["east"]
            for client in (west, east):
                if client.get("namespaces", None, "istio-eastwest") is None:
                    client.create("namespaces", {"metadata": {"name": "istio-eastwest"}})
            own = east.create(GATEWAYS, gateway("istio-eastwest", "own"))
            east.replace(GATEWAYS, own | {"status": {"addresses": addressed("192.0.2.2")}}, "status")
            remote = west.create(GATEWAYS, gateway("istio-remote", "remote"))
            connected = {
                "type": CONNECTED,
                "status": "True",
                "reason": "Connected",
                "message": "as it was",
                "observedGeneration": 1,
            }
            conditions = [connected | {"lastTransitionTime": "2026-01-01T00:00:00Z"}]
            remote = west.replace(GATEWAYS, remote | {"status": {"conditions": conditions}}, "status")
            links = LinkStatus([west, east])
            links.start()
            assert said(west) == ("True", "as it was")
            for address, expected in (("192.0.2.9", "False"), ("192.0.2.2", "True")):
                now = west.get(GATEWAYS, "istio-eastwest", "remote")
                assert now is not None
                west.replace(GATEWAYS, now | {"spec": now["spec"] | {"addresses": addressed(address)}})
                assert said(west)[0] == expected
            assert said(west)[1] == "connected to east"
            links.stop()

    asyncio.run(scene())
