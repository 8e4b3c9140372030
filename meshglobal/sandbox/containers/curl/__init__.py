"""What curl does, over the sandbox's network: its common options, its messages, its exit codes. It knows no files."""
