"""``python -m bridgehead.cli.ready [PORT]``: does the site on this machine answer that it is ready?

For what watches a container from inside: exit code 0 or 1. The site answers under its own name
only, so the name of SITE_URL is asked for at this machine's address.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def main(words: list[str]) -> int:
    """Ask, say what was answered, and return the exit code."""
    port = int(words[0]) if words else 8000
    name = urlsplit(os.environ.get("SITE_URL", "")).hostname or "localhost"
    connection = HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        connection.request("GET", "/readyz", headers={"Host": name})
        answer = connection.getresponse()
        print(answer.read().decode(errors="replace").strip())
        return 0 if answer.status == 200 else 1
    except (OSError, HTTPException) as error:
        print(f"no answer at port {port}: {error}")
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
