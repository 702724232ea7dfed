"""The questions that a customer is asked before something changes, by what they are about."""
