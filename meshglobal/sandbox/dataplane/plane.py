"""The data plane of a running mesh: follows the clusters, keeps servers and Envoys as they must be, sends requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from aiohttp import web
from multidict import CIMultiDict

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.dataplane.addresses import VirtualAddresses
from meshglobal.sandbox.dataplane.answers import (
    Headers,
    NotResolved,
    Outcome,
    Refused,
    Request,
    Source,
    Target,
)
from meshglobal.sandbox.dataplane.client import Client
from meshglobal.sandbox.dataplane.dead_ends import refusing, silent
from meshglobal.sandbox.dataplane.directory import Caller, Directory
from meshglobal.sandbox.dataplane.envoy_config import Marks
from meshglobal.sandbox.dataplane.envoys import Envoys, Told
from meshglobal.sandbox.dataplane.following import Following
from meshglobal.sandbox.dataplane.ingress.plan import Plan, plan_of
from meshglobal.sandbox.dataplane.ingress.ports import Ports
from meshglobal.sandbox.dataplane.ingress.status import write_statuses
from meshglobal.sandbox.dataplane.mesh import Mesh, PodKey
from meshglobal.sandbox.dataplane.observed import Pod
from meshglobal.sandbox.dataplane.pools import Endpoint
from meshglobal.sandbox.dataplane.resolving import resolve
from meshglobal.sandbox.dataplane.servers import PodServer, Servers
from meshglobal.sandbox.dataplane.traffic import called, caller_of, traffic_of
from meshglobal.sandbox.dataplane.workloads.app import Context, signed
from meshglobal.sandbox.dataplane.workloads.catalogue import Workload, workload_of

_MANAGER = "pilot-discovery"


class Dataplane:
    """Requests between the pods of embedded clusters. Belongs to one event loop.

    ``folder`` is where the Envoys keep their files; ``switches`` gives the answers to the open questions.
    """

    def __init__(
        self, clients: Iterable[LocalClient], program: Path, folder: Path, switches: Callable[[], Switches] = Switches
    ) -> None:
        told = tuple(clients)
        self._following = Following(told, self._act)
        self._writers = {each.cluster: each.as_manager(_MANAGER) for each in told}
        self._envoys = Envoys(program, folder, Marks.draw(), self._following.touch)
        self._servers = Servers()
        self._client = Client(self.resolve)
        self._addresses = VirtualAddresses()
        self._ports = Ports()
        self._directories: dict[str, Directory] = {}
        self._wanted: dict[str, set[str]] = {}
        self._in_effect: dict[str, set[str]] = {}
        self._serving: dict[tuple[str, ...], Caller] = {}
        """Pods whose servers run. They may have to ask others before they are in a directory, and when they are not
        any more but finish requests."""
        self._switches = switches
        self._cuts: dict[frozenset[str], Endpoint] = {}
        self._dead_ends = ExitStack()
        self._refusing = self._dead_ends.enter_context(refusing())

    async def start(self) -> None:
        """Start everything, and return when requests can be sent; raises EnvoyFailedError."""
        await self._envoys.start(self._following.sights)
        self._following.start()
        await self._following.settled()

    async def stop(self) -> None:
        """End everything; may be called after half a start."""
        await self._following.stop()
        await self._client.close()
        await self._envoys.stop()
        await self._servers.stop()
        self._dead_ends.close()

    async def settled(self) -> None:
        """Wait until requests go where the objects, as they are now, say."""
        await self._following.settled()

    @property
    def pids(self) -> dict[str, int]:
        """The process of each cluster's Envoy."""
        return self._envoys.pids

    async def resolve(self, source: Source, host: str, port: int) -> Target | NotResolved | Refused:
        """Where a pod's request to a host and port goes; raises LookupError where no such pod runs.

        Envoy is told of a pool when somebody first wants it, so a mesh of many services is as quick as a small one.
        """
        found = self._found(source, host, port)
        if isinstance(found, Target) and found.pool and found.pool not in self._in_effect.get(source.cluster, ()):
            self._wanted.setdefault(source.cluster, set()).add(found.pool)
            self._following.touch()
            await self._following.settled()
        return found

    def _found(self, source: Source, host: str, port: int) -> Target | NotResolved | Refused:
        caller = self._caller(source) or self._serving.get(source)
        if caller is None:
            raise LookupError(f"{source} does not run")
        directory = self._directories[source.cluster]
        return resolve(directory, caller, host, port, (self._envoys.outbound(source.cluster), self._envoys.marks))

    def _caller(self, source: Source) -> Caller | None:
        directory = self._directories.get(source.cluster)
        return directory.callers.get((source.namespace, source.pod)) if directory else None

    async def request(self, source: Source, request: Request) -> Outcome:
        """Send a request for a pod; raises LookupError where no such pod runs, ValueError for a URL that is none."""
        return await self._client.request(source, request)

    def cut(self, one: str, other: str, *, is_silent: bool = False) -> None:
        """Part two clusters: connections between them are refused or, where that is silent, never answered."""
        end = self._dead_ends.enter_context(silent()) if is_silent else self._refusing
        self._cuts[frozenset({one, other})] = end
        self._following.touch()

    def join(self, one: str, other: str) -> None:
        """Let two parted clusters reach each other again."""
        self._cuts.pop(frozenset({one, other}), None)
        self._following.touch()

    async def _act(self) -> None:
        """Bring servers and Envoys in line with what is seen.

        Servers of new pods start before, those of old ones end after, what Envoy knows; so no request finds nobody.
        """
        await self._envoys.revive()
        wanted = dict(self._pods())
        await self._servers.start_missing(wanted)
        gone = self._servers.drop_all_but(wanted)
        found = traffic_of(self._mesh(), self._addresses.of)
        plans = {name: self._gateways(name, each.directory) for name, each in found.items()}
        pools = called(found, {name: self._wanted.get(name, set()) | plans[name].pools for name in found})
        await self._envoys.tell({name: Told(pools[name], plans[name].listeners) for name in found})
        self._serving |= {key[:3]: caller for key in gone if (caller := self._caller(Source(*key[:3])))}
        self._in_effect = {name: {each.name for each in pools[name]} for name in found}
        self._directories = {
            name: replace(each.directory, diversions=plans[name].diversions) for name, each in found.items()
        }
        for name, plan in plans.items():
            write_statuses(self._writers[name], plan, self._envoys.rejections.get(name, ""))
        for key, server in gone.items():
            self._servers.end_later(server, partial(self._has_left, key))

    def _has_left(self, pod: PodKey) -> None:
        self._serving.pop(pod[:3], None)

    def _gateways(self, cluster: str, directory: Directory) -> Plan:
        def port_of(gateway: tuple[str, str], name: str) -> int:
            return self._ports.of(cluster, *gateway, name)

        return plan_of(self._following.sights[cluster], directory, self._envoys.marks, port_of, self._switches())

    def _mesh(self) -> Mesh:
        listening, doors = self._servers.listening(), self._envoys.doors
        return Mesh(self._following.sights, listening, doors, self._refusing, dict(self._cuts), self._switches())

    def _pods(self) -> Iterable[tuple[PodKey, Callable[[], PodServer | None]]]:
        """The pods that run, each with what makes its server."""
        for cluster, sight in self._following.sights.items():
            for pod in sight.pods.values():
                if pod.is_running and pod.address:
                    yield PodKey(cluster, *pod.key, pod.uid), partial(self._server, cluster, pod)

    def _server(self, cluster: str, pod: Pod) -> PodServer | None:
        workload = workload_of(pod)
        if workload is None:
            return None
        source = Source(cluster, *pod.key)
        self._serving[source] = caller_of(self._mesh(), cluster, pod)

        async def call(url: str, headers: Headers) -> Outcome:
            return await self.request(source, Request(url, headers=headers))

        context = Context(cluster, *pod.key, call)
        return PodServer(partial(self._answered, workload, context), workload.ports)

    async def _answered(self, workload: Workload, context: Context, request: web.BaseRequest) -> web.StreamResponse:
        """An application's answer. The headers that led the way end here, as a tunnel's would."""
        kept = CIMultiDict((name, value) for name, value in request.headers.items() if name not in self._envoys.marks)
        return signed(context, await workload.app(context, request.clone(headers=kept)))
