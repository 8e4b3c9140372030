"""The real kubectl drives workloads on an embedded cluster: rollout, scale, wait, drain, delete with each cascade."""

from __future__ import annotations

import asyncio
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from live_cluster import template

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster, start_cluster
from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KUBECTL = shutil.which("kubectl", path=str(Path(sys.executable).parent)) or shutil.which("kubectl")
pytestmark = pytest.mark.xdist_group("kubectl")


@dataclass
class Shell:
    """kubectl on one embedded cluster, in the namespace `shop`."""

    cluster: EmbeddedCluster
    config: Path

    async def kubectl(self, *arguments: str) -> str:
        """Run one command and return what it says; fails with what it says where it fails."""
        assert KUBECTL is not None, "kubectl is not installed"
        command = (KUBECTL, "--kubeconfig", str(self.config), "-n", "shop", *arguments)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
        said, complained = await asyncio.wait_for(process.communicate(), 40)
        assert process.returncode == 0, complained.decode()
        return said.decode()

    async def rolled_out(self) -> None:
        said = await self.kubectl("rollout", "status", "deployment/web", "--timeout=20s")
        assert said.splitlines()[-1] == 'deployment "web" successfully rolled out'

    def image(self) -> str:
        deployment = self.cluster.client().get("deployments.apps", "shop", "web")
        assert deployment is not None
        return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])

    def names(self, resource: str) -> list[str]:
        return [each["metadata"]["name"] for each in self.cluster.client().list(resource, "shop")]


def with_kubectl(folder: Path, story: Callable[[Shell], Awaitable[None]]) -> None:
    """Tell a story on a cluster whose namespace `shop` has the Deployment `web` with three pods."""

    async def whole() -> None:
        cluster = await start_cluster("east")
        try:
            client = cluster.client()
            client.create("namespaces", {"metadata": {"name": "shop"}})
            spec = {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": template()}
            client.create("deployments.apps", {"metadata": {"name": "web", "namespace": "shop"}, "spec": spec})
            config = folder / "config"
            write_kubeconfig(config, kubeconfig([cluster]))
            await story(Shell(cluster, config))
        finally:
            await cluster.stop()

    asyncio.run(whole())


def test_rollout_status_history_undo_and_restart(tmp_path: Path) -> None:
    async def story(shell: Shell) -> None:
        await shell.rolled_out()
        await shell.kubectl("set", "image", "deployment/web", "web=example.com/web:2")
        await shell.rolled_out()
        history = await shell.kubectl("rollout", "history", "deployment/web")
        assert [line.split()[0] for line in history.splitlines()[2:] if line] == ["1", "2"]
        await shell.kubectl("rollout", "undo", "deployment/web")
        await shell.rolled_out()
        assert shell.image() == "example.com/web:1"
        pods = shell.names("pods")
        await shell.kubectl("rollout", "restart", "deployment/web")
        await shell.rolled_out()
        assert not set(pods) & set(shell.names("pods"))

    with_kubectl(tmp_path, story)


def test_scale_and_wait(tmp_path: Path) -> None:
    async def story(shell: Shell) -> None:
        await shell.kubectl("scale", "deployment/web", "--replicas=1")
        await shell.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=1", "deployment/web", "--timeout=20s")
        await shell.kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=20s")
        (pod,) = shell.names("pods")
        await shell.kubectl("delete", "pod", pod, "--timeout=20s")
        await shell.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=web", "--timeout=20s")
        assert shell.names("pods") != [pod]

    with_kubectl(tmp_path, story)


def test_drain_evicts_and_uncordon_brings_back(tmp_path: Path) -> None:
    async def story(shell: Shell) -> None:
        await shell.rolled_out()
        before = shell.names("pods")
        await shell.kubectl("drain", "east-node", "--timeout=20s")
        waiting = shell.cluster.client().list("pods", "shop")
        assert not set(before) & {each["metadata"]["name"] for each in waiting}
        assert {each["status"]["phase"] for each in waiting} == {"Pending"}
        await shell.kubectl("uncordon", "east-node")
        await shell.rolled_out()

    with_kubectl(tmp_path, story)


@pytest.mark.parametrize(("cascade", "left"), [("background", 0), ("foreground", 0), ("orphan", 3)])
def test_each_cascade_of_delete(tmp_path: Path, cascade: str, left: int) -> None:
    async def story(shell: Shell) -> None:
        await shell.rolled_out()
        await shell.kubectl("delete", "deployment", "web", f"--cascade={cascade}", "--timeout=20s")
        assert shell.cluster.controllers is not None
        await shell.cluster.controllers.settled()
        assert len(shell.names("pods")) == left
        assert len(shell.names("replicasets.apps")) == bool(left)

    with_kubectl(tmp_path, story)


def test_delete_namespace_waits_until_it_is_empty(tmp_path: Path) -> None:
    async def story(shell: Shell) -> None:
        await shell.rolled_out()
        await shell.kubectl("delete", "namespace", "shop", "--timeout=20s")
        client = shell.cluster.client()
        assert client.get("namespaces", None, "shop") is None
        assert shell.names("pods") == shell.names("configmaps") == []

    with_kubectl(tmp_path, story)
