"""How the inside of `meshglobal.kube` says that one cluster failed; it never leaves the package."""

from __future__ import annotations

from meshglobal.domain.failure import Cause, Failure, failure

# After these nothing else can succeed in the same cluster during this run.
OF_THE_WHOLE_CLUSTER = frozenset(
    {
        Cause.DNS,
        Cause.REFUSED,
        Cause.TLS,
        Cause.PROXY,
        Cause.CREDENTIALS_EXPIRED,
        Cause.CREDENTIALS_MISSING,
        Cause.CREDENTIALS_PLUGIN,
        Cause.UNAUTHORIZED,
        Cause.KUBECONFIG,
    }
)


class ClusterError(Exception):
    """Something could not be done in one cluster. Caught where an Outcome is made of it.

    Attributes:
        failure: what the caller shows.
        is_sent: whether the server may have done what it was asked, though no answer came.
    """

    def __init__(self, cause: Cause, message: str, context: str, *, is_sent: bool = False) -> None:
        super().__init__(message)
        self.failure: Failure = failure(cause, message, context)
        self.is_sent = is_sent

    @property
    def cause(self) -> Cause:
        """The class of the failure."""
        return self.failure.cause

    @property
    def is_final(self) -> bool:
        """Whether the whole cluster is out of reach."""
        return self.cause in OF_THE_WHOLE_CLUSTER
