# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains endpoint functions for accessing the API"""
