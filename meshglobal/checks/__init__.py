"""Findings: pure functions from a snapshot."""
