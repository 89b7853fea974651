"""What is published, and how programs of others ask for it."""
