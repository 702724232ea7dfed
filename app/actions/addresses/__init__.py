"""Subscriptions that go to another address."""
