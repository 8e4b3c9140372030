"""Running sandboxes: one process each, found again by its name in the user's state directory.

`serve` is that process; `launching` starts it in the background; `running` finds it; `ending` ends it.
"""
