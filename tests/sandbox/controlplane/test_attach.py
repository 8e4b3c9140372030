"""Attach mode against API servers over HTTPS: what it writes, what it leaves alone, whom it refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from attached_mesh import Servers, serving, until
from embedded_mesh import SERVICE_ENTRIES, generated, put, put_all, remove
from mesh_objects import GLOBAL, cluster, link, service, two

from meshglobal.sandbox.apiserver.faults import Fault
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.state import State
from meshglobal.sandbox.controlplane.access import AccessError
from meshglobal.sandbox.controlplane.attach import AttachRefusedError, attach
from meshglobal.sandbox.controlplane.embedded import EmbeddedAccess
from meshglobal.sandbox.controlplane.informer import PAGE
from meshglobal.sandbox.controlplane.ownership import Marked
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.controlplane.remote import remote_access
from meshglobal.sandbox.controlplane.switches import Switches

JSON = dict[str, Any]
NAME = "autogen.bookinfo.reviews"
MARK = "meshglobal.dev/sandbox"


def entry(servers: Servers, cluster_name: str, name: str = NAME) -> JSON | None:
    return servers.client(cluster_name).get(SERVICE_ENTRIES, "istio-system", name)


def test_entries_appear_marked_follow_the_labels_and_leave_with_the_sandbox(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [])) as servers:
            west, east = servers.client("west"), servers.client("east")
            mine = {"metadata": {"name": "mine", "namespace": "istio-system"}, "spec": {"hosts": ["a.example"]}}
            east.create(SERVICE_ENTRIES, mine)
            attachment = await attach(await servers.accesses(), "demo")
            await attachment.reconciler.settled(20)
            assert sorted(generated(west)) == [f"ServiceEntry/{NAME}"]
            found = east.get(SERVICE_ENTRIES, "istio-system", NAME)
            assert found
            assert found["metadata"]["labels"][MARK] == "demo"

            east.delete(SERVICE_ENTRIES, "istio-system", NAME)
            await until(lambda: entry(servers, "east"))
            put(east, service("ratings", GLOBAL))
            await until(lambda: entry(servers, "west", "autogen.bookinfo.ratings"))
            remove(west, service())
            await until(lambda: not entry(servers, "east"))

            await attachment.reconciler.settled(20)
            assert await attachment.detach() == 3
            assert generated(west) == {}
            assert [each["metadata"]["name"] for each in east.list(SERVICE_ENTRIES)] == ["mine"]

    asyncio.run(scene())


def test_an_entry_whose_mark_is_edited_away_is_put_back(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [])) as servers:
            attachment = await attach(await servers.accesses(), "demo")
            await attachment.reconciler.settled(20)
            found = entry(servers, "east")
            assert found
            servers.client("east").replace(SERVICE_ENTRIES, found | {"metadata": found["metadata"] | {"labels": {}}})
            await until(lambda: MARK in (entry(servers, "east") or found)["metadata"].get("labels", {}))
            await attachment.stop()

    asyncio.run(scene())


class Hasty(EmbeddedAccess):
    """Somebody edits away the mark of whatever is created, before anybody looks."""

    def __init__(self, client: LocalClient) -> None:
        super().__init__(client)
        self._somebody = client.as_manager("kubectl")

    async def create(self, resource: str, obj: JSON) -> JSON:
        made = await super().create(resource, obj)
        self._somebody.replace(resource, made | {"metadata": made["metadata"] | {"labels": {}}})
        return made


def test_what_was_made_here_is_put_back_though_its_mark_was_never_seen() -> None:
    async def scene() -> None:
        clients = [LocalClient(State(name)) for name in ("west", "east")]
        for client, objects in zip(clients, two([service(labels=GLOBAL)], []).values(), strict=True):
            put_all(client, objects)
        reconciler = Reconciler([Hasty(client) for client in clients], Switches(), Marked("demo"))
        await reconciler.start()
        await reconciler.settled(20)
        for client in clients:
            found = client.get(SERVICE_ENTRIES, "istio-system", NAME)
            assert found
            assert found["metadata"]["labels"].get(MARK) == "demo"
        await reconciler.stop()

    asyncio.run(scene())


def test_stopping_leaves_the_entries_and_the_same_id_takes_them_up_again(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [])) as servers:
            first = await attach(await servers.accesses(), "demo")
            await first.reconciler.settled(20)
            await first.stop()
            before = entry(servers, "east")
            assert before
            second = await attach(await servers.accesses(), "demo")
            await second.reconciler.settled(20)
            assert entry(servers, "east") == before
            assert await second.detach() == 3

    asyncio.run(scene())


def test_clusters_without_gateways_see_each_other_if_told_to(tmp_path: Path) -> None:
    async def scene() -> None:
        apart = {"west": cluster("west", "", service(labels=GLOBAL)), "east": cluster("east", "")}
        async with serving(tmp_path, apart) as servers:
            attachment = await attach(await servers.accesses(), "demo", Switches(peering="all"))
            await attachment.reconciler.settled(20)
            assert entry(servers, "east")
            await attachment.detach()

    asyncio.run(scene())


def test_a_lost_cluster_keeps_its_entries_and_catches_up(tmp_path: Path) -> None:
    """R33: and the other cluster goes on meanwhile"""

    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [])) as servers:
            accesses = await servers.accesses()
            attachment = await attach(accesses, "demo")
            await attachment.reconciler.settled(20)
            east = servers.clusters["east"]
            address = await _lose(servers, "east")
            await until(lambda: not accesses[1].is_reachable)
            put(servers.client("west"), service("ratings", GLOBAL))
            remove(servers.client("west"), service())
            await until(lambda: entry(servers, "west", "autogen.bookinfo.ratings"))
            assert entry(servers, "east")
            assert not entry(servers, "east", "autogen.bookinfo.ratings")

            await east.listener.start(address)
            await until(lambda: entry(servers, "east", "autogen.bookinfo.ratings") and not entry(servers, "east"))
            await until(lambda: accesses[1].is_reachable)
            await attachment.detach()

    asyncio.run(scene())


def test_a_forgotten_version_means_a_fresh_list(tmp_path: Path) -> None:
    """410: services that vanished while nobody watched are missed"""

    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [])) as servers:
            attachment = await attach(await servers.accesses(), "demo")
            await attachment.reconciler.settled(20)
            address = await _lose(servers, "west")
            remove(servers.client("west"), service())
            put(servers.client("west"), service("ratings", GLOBAL))
            servers.clusters["west"].compact()
            await servers.clusters["west"].listener.start(address)
            await until(lambda: entry(servers, "east", "autogen.bookinfo.ratings") and not entry(servers, "east"))
            await attachment.detach()

    asyncio.run(scene())


def test_a_failing_write_is_tried_again(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [])) as servers:
            for status in (429, 500, 503):
                servers.clusters["east"].faults.set(
                    f"{status}", Fault(status=status, methods=frozenset({"POST"}), left=1)
                )
            attachment = await attach(await servers.accesses(), "demo")
            await attachment.reconciler.settled(20)
            assert entry(servers, "east")
            assert attachment.reconciler.problems() == []
            await attachment.detach()

    asyncio.run(scene())


def test_a_list_of_several_pages_is_read_to_its_end(tmp_path: Path) -> None:
    async def scene() -> None:
        many = [service(f"s{number:03}") for number in range(PAGE + 20)]
        async with serving(tmp_path, two([*many, service("zz", GLOBAL)], [])) as servers:
            attachment = await attach(await servers.accesses(), "demo")
            await attachment.reconciler.settled(20)
            assert entry(servers, "east", "autogen.bookinfo.zz")
            assert await attachment.detach() == 3

    asyncio.run(scene())


def real_entry(name: str = NAME, labels: dict[str, str] | None = None) -> JSON:
    metadata = {"name": name, "namespace": "istio-system", "labels": labels or {}}
    return {"kind": "ServiceEntry", "metadata": metadata, "spec": {"hosts": ["a.example"]}}


def peered_gateway() -> JSON:
    condition = {"type": "Programmed", "status": "True", "reason": "Programmed", "message": ""}
    seen = condition | {"lastTransitionTime": "2026-01-01T00:00:00Z"}
    return link("nobody") | {"status": {"conditions": [seen]}}


def istiod(image: str, **variables: str) -> JSON:
    env = [{"name": name, "value": value} for name, value in variables.items()]
    pod = {"containers": [{"name": "discovery", "image": image, "env": env}]}
    template = {"metadata": {"labels": {"app": "istiod"}}, "spec": pod}
    spec = {"selector": {"matchLabels": {"app": "istiod"}}, "template": template}
    return {"kind": "Deployment", "metadata": {"name": "istiod", "namespace": "istio-system"}, "spec": spec}


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (real_entry(), f"cluster east: ServiceEntry {NAME} was generated by a real control plane"),
        (real_entry(labels={MARK: "other"}), f"ServiceEntry {NAME} was generated by sandbox other"),
        (peered_gateway(), "Gateway istio-eastwest/istio-remote-peer-nobody has a status"),
        (istiod("pilot:1.30", ENABLE_PEERING_DISCOVERY="true"), r"peering istiod \(ENABLE_PEERING_DISCOVERY=true\)"),
        (istiod("us-docker.pkg.dev/soloio-img/istio/pilot:1.30.2-solo"), r"peering istiod \(image us-docker.pkg.dev"),
    ],
    ids=["entry", "other-sandbox", "gateway", "peering", "solo-image"],
)
def test_a_cluster_with_a_control_plane_is_refused_and_left_alone(tmp_path: Path, found: JSON, sentence: str) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [found])) as servers:
            accesses = await servers.accesses()
            with pytest.raises(AttachRefusedError, match=sentence):
                await attach(accesses, "demo")
            assert generated(servers.client("west")) == {}
            for access in accesses:
                await access.close()

    asyncio.run(scene())


def test_plain_istio_is_no_obstacle(tmp_path: Path) -> None:
    async def scene() -> None:
        upstream = istiod("docker.io/istio/pilot:1.30.0", ENABLE_PEERING_DISCOVERY="false")
        async with serving(tmp_path, two([service(labels=GLOBAL)], [upstream])) as servers:
            attachment = await attach(await servers.accesses(), "demo")
            assert await attachment.detach() >= 0

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "*/serviceentries",
            "cluster east: has no CustomResourceDefinition serviceentries.networking.istio.io; install",
        ),
        ("*/workloadentries", "cluster east: has no CustomResourceDefinition workloadentries.networking.istio.io"),
    ],
)
def test_missing_definitions_are_named(tmp_path: Path, path: str, sentence: str) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([], [])) as servers:
            servers.clusters["east"].faults.set("gone", Fault(status=404, path=path))
            accesses = await servers.accesses()
            with pytest.raises(AttachRefusedError, match=sentence):
                await attach(accesses, "demo")
            for access in accesses:
                await access.close()

    asyncio.run(scene())


def test_segments_and_gateways_may_be_missing(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([service(labels=GLOBAL)], [])) as servers:
            for each in ("segments", "gateways"):
                servers.clusters["east"].faults.set(each, Fault(status=404, path=f"*/{each}"))
            attachment = await attach(await servers.accesses(), "demo", Switches(peering="all"))
            await attachment.reconciler.settled(20)
            assert entry(servers, "east")
            await attachment.detach()

    asyncio.run(scene())


def test_a_cluster_without_istio_system_is_refused(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, {"west": []}) as servers:
            accesses = await servers.accesses()
            with pytest.raises(AttachRefusedError, match="cluster west: has no namespace istio-system; create it"):
                await attach(accesses, "demo")
            await accesses[0].close()

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("twin", "west and twin are the same cluster; name it once"),
        ("west", "2 clusters are called west; each needs a name of its own"),
        ("arn:aws:eks", "'arn:aws:eks' cannot be part of a generated entry's name; give the cluster a name"),
    ],
)
def test_names_must_tell_clusters_apart(tmp_path: Path, name: str, sentence: str) -> None:
    async def scene() -> None:
        async with serving(tmp_path, {"west": cluster("west", "")}) as servers:
            accesses = [*await servers.accesses(), remote_access(str(servers.config), "west", name)]
            with pytest.raises(AttachRefusedError, match=sentence):
                await attach(accesses, "demo")
            for access in accesses:
                await access.close()

    asyncio.run(scene())


def test_an_unreachable_cluster_is_said_to_be_so(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([], [])) as servers:
            accesses = await servers.accesses()
            await _lose(servers, "east")
            with pytest.raises(AccessError, match="cluster east does not answer"):
                await attach(accesses, "demo")
            for access in accesses:
                await access.close()

    asyncio.run(scene())


def test_an_unknown_context_is_said_to_be_so(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(tmp_path, two([], [])) as servers:
            with pytest.raises(AccessError, match="context north"):
                await servers.accesses("north")

    asyncio.run(scene())


async def _lose(servers: Servers, name: str) -> int:
    """Stop a cluster's listener; the port to start it on again."""
    listener = servers.clusters[name].listener
    port = listener.port
    await listener.stop()
    return port
