"""Deliveries: skip them, put them back."""
