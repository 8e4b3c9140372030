"""What runs in the sandbox's containers: a few programs written here, never one of the host."""
