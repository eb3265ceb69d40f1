"""The `huancha` command: parse, call one function, print. No logic lives here."""

import sys

from graph.errors import GraphError
from huancha.commands import app
from huancha.commands.output import complain
from loaders.errors import LoadError

EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def main() -> None:
    """Run the command line; end with 0 (done), 1 (refused, said why), 2 (wrong call), 130 (stopped)."""
    try:
        code = app(standalone_mode=True, prog_name="huancha")
    except (GraphError, LoadError) as error:
        complain(str(error))
        sys.exit(EXIT_REFUSED)
    except KeyboardInterrupt:
        complain("Stopped. What was live before is still live. 已中断，原有数据不受影响。")
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(code)


if __name__ == "__main__":
    main()
