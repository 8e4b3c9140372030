"""Makes `tests` importable: fleets and servers that several test files share stand there."""
