"""The adapter to real Kubernetes API servers."""
