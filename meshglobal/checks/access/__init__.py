"""The 6xx band: what could not be looked at, and why."""
