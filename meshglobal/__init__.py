"""meshglobal: global services across the clusters of a Solo Istio mesh."""
