"""Check many connections concurrently."""
