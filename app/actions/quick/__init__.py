"""What a quick link in the merchant's mail asks for, and what it may say."""
