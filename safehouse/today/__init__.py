"""What waits for a person today, and the page of one resident: gathered from all other folders. Owns no tables."""
