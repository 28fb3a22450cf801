"""Back up connections: everything the service returns, except the values of params."""
