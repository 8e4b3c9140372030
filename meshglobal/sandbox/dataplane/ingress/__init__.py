"""Gateways that let requests into a cluster: a listener of its Envoy each, with the HTTPRoutes that attach to it."""
