"""Authentication, and where settings and credentials are read from."""
