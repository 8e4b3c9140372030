"""The 2xx band: what the control plane generates, and the endpoints behind it."""
