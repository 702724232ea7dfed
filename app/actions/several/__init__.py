"""The same change of several subscriptions at once."""
