"""Cancelling a subscription and taking it up again."""
