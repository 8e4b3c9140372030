"""What the query of a write says about field managers, and what of that means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.patching.managed_fields import LONGEST_MANAGER
from meshglobal.sandbox.apiserver.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping


def option_causes(query: Mapping[str, str], *, is_patch: bool, is_apply: bool) -> list[Cause]:
    """Return why `fieldManager` and `force` cannot be as they are; each is a cause of a 422 about the options."""
    manager, causes = query.get("fieldManager", ""), []
    if is_apply and not manager:
        causes.append(Cause("FieldValueRequired", "fieldManager", "Required value: is required for apply patch"))
    if is_patch and not is_apply and "force" in query:
        text = "Forbidden: may not be specified for non-apply patch"
        causes.append(Cause("FieldValueForbidden", "force", text))
    if len(manager.encode()) > LONGEST_MANAGER:
        text = f"Too long: may not be more than {LONGEST_MANAGER} bytes"
        causes.append(Cause("FieldValueTooLong", "fieldManager", text))
    elif not manager.isprintable():
        text = f'Invalid value: "{manager}": should only contain printable characters'
        causes.append(Cause("FieldValueInvalid", "fieldManager", text))
    return causes
