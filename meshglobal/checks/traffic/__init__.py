"""Findings about calls, and about drills."""
