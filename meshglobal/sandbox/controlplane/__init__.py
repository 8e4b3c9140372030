"""The emulated control plane: what istiod would generate."""
