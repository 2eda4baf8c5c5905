"""What is done to service plans: each change with its entry in the record."""
