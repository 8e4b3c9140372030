"""Findings about the waivers themselves."""
