"""``docs/reference/settings.md``, made from the table of settings
(``python -m bridgehead.config.reference``)."""

from bridgehead.config.environment import SETTINGS


def markdown() -> str:
    """The reference page."""
    rows = (
        f"| `{s.name}` | {f'`{s.default}`' if s.default else '–'} | {s.what} |" for s in SETTINGS
    )
    secrets = ", ".join(f"`{s.name}`" for s in SETTINGS if s.secret)
    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable. Made from `config/environment.py` by "
        "`python -m bridgehead.config.reference`; a test fails when it is out of date.",
        "",
        "| Name | Where it is not set | What it does |",
        "|---|---|---|",
        *rows,
        "",
        f"Secrets ({secrets}) may instead stand in a file: put its path into the variable of the "
        "same name with `_FILE` at the end, such as `DATABASE_URL_FILE`.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown(), end="")
