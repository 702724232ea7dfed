"""Discount codes, on one delivery or on all of an address."""
