"""The 1xx band: how services are exposed."""
