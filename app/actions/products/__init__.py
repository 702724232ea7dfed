"""What is subscribed to: product, quantity, rhythm, contents of a bundle, new subscriptions."""
