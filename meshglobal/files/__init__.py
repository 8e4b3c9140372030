"""The adapter to files: what meshglobal keeps on disk."""
