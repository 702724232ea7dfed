"""One-time products in a delivery."""
