# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains methods for accessing the API"""
