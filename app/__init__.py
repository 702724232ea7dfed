"""Doorstep: a self-hosted customer portal for subscriptions on the Recharge API."""
