"""What is about the customer, and not about what they get: name, phone, e-mail, wishes."""
