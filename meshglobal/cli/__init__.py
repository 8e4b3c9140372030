"""The command line: parse options, call one use case, render."""
