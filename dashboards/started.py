"""Streamlit with every section of the pages read in before it answers, so that nobody's first page waits for that.

What they show of all the data is read beside it.
"""

import logging
from importlib import import_module
from pkgutil import iter_modules

from streamlit.web import cli

from dashboards import blocks


def main() -> None:
    """Streamlit's own command, with its own arguments."""
    # Each cached function would warn that no server runs yet.
    logging.disable(logging.WARNING)
    for found in iter_modules(blocks.__path__):
        import_module(f"{blocks.__name__}.{found.name}")
    from dashboards.read_ahead import keep_read

    keep_read()
    logging.disable(logging.NOTSET)
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
