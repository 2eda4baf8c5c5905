"""What is allowed and what is unwise in a service plan. Pure: no session, no clock."""
