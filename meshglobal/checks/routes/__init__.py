"""Routes, rules and policies that name global hosts and generated entries (41x to 43x)."""
