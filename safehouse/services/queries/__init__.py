"""What is asked of service plans. Nothing here opens a sealed value."""
