"""The data plane: real requests between the pods of a mesh, through one Envoy a cluster.

Pods are small HTTP servers in the sandbox's process. What a caller may reach, and where that leads, follows from what
stands in the clusters: `traffic` works it out, `envoy_config` words it for Envoy, `plane` keeps both up to date.
"""
