"""Other names for everything that is called somehow: the same name always gets the same one, within one bundle.

A keyed hash of each word, under a key that is drawn anew and never written down: who has the bundle cannot try names
out. Separators stay, so that hosts, entries and paths are still made of the same parts, and a name that ends in that of
a cluster still does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cached_property
from ipaddress import ip_address

_WORD = re.compile(r"[^\s.,:;/\\|@=&?!\"'`()<>\[\]{}]+")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]|\.\d)")
_NUMBER = re.compile(r"\d{1,5}")
_BYTES = 6

# What every mesh has, and what names are made of.
# fmt: off
WELL_KNOWN = frozenset(
    {
        "*", "autogen", "autogenflat", "mesh", "internal", "cluster", "local", "svc", "ns", "sa", "spiffe",
        "https", "http", "none", "default", "global", "waypoint", "latest", "istio-system", "istio-gateways",
        "istio-eastwest", "istio-remote", "istio-remote-peer", "istio-eastwestgateway", "eastwest",
        "istio-ingressgateway", "istio-ca-root-cert", "istio-cni", "istio-cni-node", "istiod", "ztunnel",
        "istio-proxy", "istio-validation", "istio-init", "discovery", "pilot", "proxyv2", "install-cni",
        "kube-system", "kube-public", "kube-node-lease", "kubernetes", "root-cert", "pem",
    }
)
# fmt: on


class Pseudonyms:
    """The names of one bundle.

    Args:
        key: what the hash hangs on; at least 32 random bytes.
        clusters: names of clusters and networks, which other names may end in.
        kept: further words that stay.
    """

    def __init__(self, key: bytes, clusters: Iterable[str] = (), kept: Iterable[str] = ()) -> None:
        self._key = key
        # Of a name of several words, another name can end in the first one only: `gateway-east.prod`.
        self._clusters = frozenset(word for name in clusters for word in _WORD.findall(name)[:1])
        self._kept = WELL_KNOWN | frozenset(kept)
        self._known: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text with all its words replaced; numbers of up to five digits stay."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._replaced(text)
        return found

    def address(self, text: str) -> str:
        """An IP address as another one; each its own."""
        return f"fd{self._hash(text, 7)[:2]}:" + ":".join(re.findall("....", self._hash(text, 15)[2:30]))

    def secret(self, text: str) -> str:
        """Something of which only matters whether it is the same elsewhere."""
        return self._hash(text, 32)

    def _replaced(self, text: str) -> str:
        if _is_address(text):
            return self.address(text)
        # Between the words of a text, IP addresses take turns with what is around them.
        around = (_WORD.sub(lambda found: self._word(found[0]), part) for part in _IPV4.split(text))
        within = [self.address(found[0]).replace(":", "-") for found in _IPV4.finditer(text)]
        return "".join(part for pair in zip(around, [*within, ""], strict=True) for part in pair)

    def _word(self, word: str) -> str:
        if word in self._kept or _NUMBER.fullmatch(word):
            return word
        if word not in self._clusters:
            for name in self._longest_first:
                if word.endswith(f"-{name}") and len(word) > len(name) + 1:
                    return f"{self._plain(word[: -len(name) - 1])}-{self._plain(name)}"
        return self._plain(word)

    def _plain(self, word: str) -> str:
        """Hosts mean the same in any letter case; names of clusters do not."""
        if word in self._kept or _NUMBER.fullmatch(word):
            return word
        return f"x{self._hash(word if word in self._clusters else word.casefold(), _BYTES)}"

    @cached_property
    def _longest_first(self) -> list[str]:
        return sorted(self._clusters, key=lambda name: (-len(name), name))

    def _hash(self, text: str, size: int) -> str:
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=size, key=self._key).hexdigest()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
