"""Secrets that can be found again, in whatever spelling they come out."""

from __future__ import annotations

API_KEY = "eyJhbGciOiJFUzM4NCJ9.MARKEDAPIKEY-_4711"
CLIENT_SECRET = "MARKEDCLIENTSECRET-4711"
ACCESS_TOKEN = "eyJhbGciOiJFUzM4NCJ9.MARKEDACCESSTOKEN-_4711"
PARAM_SENT = "MARKEDPARAMSENT 4711"
PARAM_READ = "MARKEDPARAMREAD 4711"
PASSWORD = "MARKEDPASSWORD4711"
# Around a core of letters, what is written otherwise in JSON, HTML and addresses.
DIFFICULT_API_KEY = 'MARKEDAPIKEY/+"\\<&>~4711'
DIFFICULT_CLIENT_SECRET = 'MARKEDCLIENTSECRET/+"\\<&>~4711'
DIFFICULT_PARAM_SENT = 'https://MARKEDPARAMSENT/ü"<&>\\\n4711'

CORES = (
    "MARKEDAPIKEY",
    "MARKEDCLIENTSECRET",
    "MARKEDACCESSTOKEN",
    "MARKEDPARAMSENT",
    "MARKEDPARAMREAD",
    "MARKEDPASSWORD",
)


def found_in(shown: dict[str, str]) -> dict[str, str]:
    """Where a secret stands in what was shown, and a piece of the text around it; nothing if none does."""
    found = {}
    for place, text in shown.items():
        for core in CORES:
            at = text.find(core)
            if at < 0:
                at = text.lower().find(core.lower())
            if at >= 0:
                found[place] = text[max(0, at - 100) : at + 60]
    return found
