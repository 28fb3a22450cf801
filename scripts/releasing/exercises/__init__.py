"""Small programs that use an installed wheel: `base.py` in every environment, `for_<extra>.py` for each extra.

They run in the environment's own Python, so they import nothing but the package and the standard library. Called with
`works` where the extra is installed, with `lacks` where it isn't, and with the address and the key of a sandbox that
another process serves. What they print is their result; they end with another code than 0 where something is wrong.
"""
