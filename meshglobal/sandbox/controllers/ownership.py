"""Who owns whom: owner references, and which objects a workload may take as its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of
from meshglobal.sandbox.apiserver.selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Claim:
    """What a workload makes of the objects around it: those it owns, those to take on, those to let go."""

    owned: list[JSON]
    adopt: list[JSON]
    release: list[JSON]


def uid_of(obj: JSON) -> str:
    """Return metadata.uid, or an empty string."""
    return str(metadata(obj).get("uid") or "")


def labels_of(obj: JSON) -> dict[str, str]:
    """Return metadata.labels, or an empty mapping."""
    return metadata(obj).get("labels") or {}


def annotations_of(obj: JSON) -> dict[str, str]:
    """Return metadata.annotations, or an empty mapping."""
    return metadata(obj).get("annotations") or {}


def owners_of(obj: JSON) -> list[JSON]:
    """Return metadata.ownerReferences, or an empty list."""
    return metadata(obj).get("ownerReferences") or []


def is_leaving(obj: JSON) -> bool:
    """Whether the object is marked for deletion."""
    return bool(metadata(obj).get("deletionTimestamp"))


def controller_of(obj: JSON) -> JSON | None:
    """Return the reference to the one owner that controls the object."""
    return next((owner for owner in owners_of(obj) if owner.get("controller")), None)


def controller_reference(owner: JSON) -> JSON:
    """Return the reference by which `owner` controls an object of its own."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": name_of(owner),
        "uid": uid_of(owner),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def claim(owner: JSON, selector: JSON, candidates: Iterable[JSON]) -> Claim:
    """Sort the candidates of the owner's namespace into owned, to adopt and to release.

    Its own are those it controls and still selects; what it controls and no longer selects is let go; what nobody
    controls and it selects is taken on. An owner that is being deleted takes nothing on and lets nothing go.
    """
    uid, found = uid_of(owner), Claim([], [], [])
    for each in candidates:
        reference, is_selected = controller_of(each), selects(selector, labels_of(each))
        if reference is not None and reference.get("uid") == uid:
            (found.owned if is_selected or is_leaving(owner) else found.release).append(each)
        elif reference is None and is_selected and not is_leaving(owner) and not is_leaving(each):
            found.adopt.append(each)
    return found


def with_owners(obj: JSON, owners: list[JSON]) -> JSON:
    """Return the object with these ownerReferences, without the field where there are none."""
    meta = {key: value for key, value in metadata(obj).items() if key != "ownerReferences"}
    if owners:
        meta["ownerReferences"] = owners
    return obj | {"metadata": meta}


def adopted(obj: JSON, owner: JSON) -> JSON:
    """Return the object as controlled by `owner`."""
    return with_owners(obj, [*owners_of(obj), controller_reference(owner)])


def released(obj: JSON, owner: JSON) -> JSON:
    """Return the object without its reference to `owner`."""
    return with_owners(obj, [each for each in owners_of(obj) if each.get("uid") != uid_of(owner)])
