"""Streamlit with every section of the pages, and what they show of all the data, read before it answers.

So nobody's first page waits for that.
"""

import inspect
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
    for late in ("streamlit.emojis", "streamlit.material_icon_names"):
        import_module(late)
    inspect.stack()  # Streamlit asks for it on its first page; the first time takes 0.3 s
    from dashboards.read_ahead import keep_read

    keep_read()
    logging.disable(logging.NOTSET)
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
