"""A small Kubernetes-compatible API server."""
