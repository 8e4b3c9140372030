"""A mesh of N clusters in one process on loopback."""
