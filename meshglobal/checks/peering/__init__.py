"""Peering: whether the clusters can reach one another, and say so (3xx)."""
