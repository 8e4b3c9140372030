"""The pure core: names, labels, objects, scope, expectation. No IO, no clock."""
