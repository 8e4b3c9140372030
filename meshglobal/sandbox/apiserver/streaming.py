"""exec and attach on pods: what is asked for, whether it may be, and the conversation that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver import auth, channels, problems
from meshglobal.sandbox.apiserver.exchange import Answer, Upgrade
from meshglobal.sandbox.apiserver.objects import JSON, name_of
from meshglobal.sandbox.apiserver.options import flag
from meshglobal.sandbox.apiserver.rbac import Wish
from meshglobal.sandbox.apiserver.sessions import Attachment, Execution, Streams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshglobal.sandbox.apiserver.call import Call
    from meshglobal.sandbox.containers.runtime import Containers

PROTOCOLS: Final = (channels.V5, channels.V4)
_KINDS: Final = {"containers": "", "initContainers": "init", "ephemeralContainers": "ephemeral"}
_MOST_WORDS: Final = 1024
_LONGEST_COMMAND: Final = 64 * 1024


def execute(call: Call) -> Answer:
    """Answer exec: run a program in a container; raises ApiError (400, 403, 404, 429)."""
    containers, pod = connected(call)
    container = _running(pod, container_of(pod, call.request.query.get("container", "")))
    argv = call.request.every("command")
    if not argv or not argv[0]:
        raise problems.bad_request("you must specify at least one command for the container")
    if len(argv) > _MOST_WORDS or sum(map(len, argv)) > _LONGEST_COMMAND:
        raise problems.bad_request("the command is too long")
    session = Execution(containers, pod, container, argv, _streams(call))
    if containers.is_full:
        why = "as many programs run in the containers of this cluster as the sandbox takes; try again"
        raise problems.ApiError(429, "TooManyRequests", why, retry_after=1)
    return Upgrade(session.converse, PROTOCOLS)


def attach(call: Call) -> Answer:
    """Answer attach: join what a container runs; raises ApiError (400, 403, 404)."""
    containers, pod = connected(call)
    container = _running(pod, container_of(pod, call.request.query.get("container", "")))
    name = container["name"]
    streams = _streams(call)
    if streams.tty and not container.get("tty"):
        raise problems.bad_request(f"container {name} has no terminal")
    session = Attachment(containers.journal(pod, name), containers.instance(pod, name), streams)
    return Upgrade(session.converse, PROTOCOLS)


def connected(call: Call) -> tuple[Containers, JSON]:
    """Return what runs in the cluster, and the pod of the call; raises ApiError (400, 403, 404).

    Who comes by GET needs the right to create as well, as since Kubernetes 1.35: WebSockets begin as GET.
    """
    wish = Wish("create", "", "pods", call.route.subresource, call.namespace, call.route.name)
    if not call.authorizer.allows(call.user, wish):
        raise auth.refusal(call.user, wish)
    pod = call.found().obj
    if not pod["spec"].get("nodeName"):
        raise problems.bad_request(f"pod {name_of(pod)} does not have a host assigned")
    if call.state.containers is None:
        raise problems.bad_request(
            f"pod {name_of(pod)} runs on a node of the sandbox, which has no kubelet to connect to"
        )
    return call.state.containers, pod


def container_of(pod: JSON, name: str) -> JSON:
    """Return the container of a name, or the only one where none is given; raises ApiError (400)."""
    if not name:
        if len(pod["spec"]["containers"]) == 1:
            only: JSON = pod["spec"]["containers"][0]
            return only
        raise problems.bad_request(
            f"a container name must be specified for pod {name_of(pod)}, choose one of: {_choices(pod)}"
        )
    for kind in _KINDS:
        for container in pod["spec"].get(kind) or ():
            if container["name"] == name:
                found: JSON = container
                return found
    raise problems.bad_request(f"container {name} is not valid for pod {name_of(pod)}")


def _choices(pod: JSON) -> str:
    return " or one of the ".join(_choices_by_kind(pod))


def _choices_by_kind(pod: JSON) -> Iterator[str]:
    for kind, word in _KINDS.items():
        names = " ".join(each["name"] for each in pod["spec"].get(kind) or ())
        if names:
            yield f"{word} containers: [{names}]" if word else f"[{names}]"


def state_of(pod: JSON, name: str) -> JSON:
    """Return the state of a container (waiting, running or terminated); an empty one where nothing is known."""
    status = pod.get("status") or {}
    for field in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for each in status.get(field) or ():
            if each["name"] == name:
                found: JSON = each.get("state") or {}
                return found
    return {}


def _running(pod: JSON, container: JSON) -> JSON:
    if "running" not in state_of(pod, container["name"]):
        raise problems.ApiError(404, "NotFound", f'container not found ("{container["name"]}")')
    return container


def _streams(call: Call) -> Streams:
    """Return the streams that are asked for; raises ApiError (400)."""
    query = call.request.query
    wanted = {name: bool(flag(query, name)) for name in ("stdin", "stdout", "stderr", "tty")}
    if not (wanted["stdin"] or wanted["stdout"] or wanted["stderr"]):
        raise problems.bad_request("you must specify at least 1 of stdin, stdout, stderr")
    if wanted["tty"] and wanted["stderr"]:
        raise problems.bad_request("tty and stderr cannot both be true")
    return Streams(**wanted)
