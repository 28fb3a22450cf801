"""Which automations use a connection. The service does not say, so their workspaces are read."""
