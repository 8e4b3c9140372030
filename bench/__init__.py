"""Benchmarks: `python -m bench`, or `make bench`. Ratios, each of two things measured in turns in the same run."""
