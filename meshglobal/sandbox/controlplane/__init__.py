"""The emulated control plane: what istiod would generate.

`translate` is the pure core: all clusters' objects in, the ServiceEntries and WorkloadEntries that must exist out.
`reconciler` watches clusters and makes them so; `attach` does the same on API servers that are not ours.
"""
