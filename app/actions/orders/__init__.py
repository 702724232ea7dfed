"""Orders: now, or later where they are paid for in advance."""
