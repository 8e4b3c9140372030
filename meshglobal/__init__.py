"""meshglobal: global services across the clusters of a Solo Istio mesh."""

__version__ = "0.1.0"
