"""What a customer can do with the cards and wallets on file."""
