"""Rewrites connection ids in exported automations, file by file, without a tenant."""
