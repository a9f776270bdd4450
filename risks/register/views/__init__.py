"""Pages of the register of risks."""
