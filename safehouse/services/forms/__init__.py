"""What is typed on the pages of service plans."""
