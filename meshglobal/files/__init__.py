"""Clusters out of files: manifests that people write, dumps of kubectl, and bundles that `collect` wrote."""
