"""Causes of findings, set up in a running sandbox and taken back again.

`recipes` reads how each cause is set up (data/*.yaml), `setting_up` does it and remembers what stood there before,
`undoing` puts that back. All of it goes through the clusters' API servers, as any user's changes do.
"""
