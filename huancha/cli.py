"""The `huancha` command. Nothing is imported before Ctrl+C is heeded."""

import sys

EXIT_INTERRUPTED = 130
STOPPED = "huancha: Stopped; what was live before is still live. 已中断，原有数据不受影响。\n"


def main() -> None:
    """Run the command line; end with 0 (done), 1 (refused, said why), 2 (wrong call), 130 (stopped)."""
    try:
        from huancha.commands.run import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    if code == EXIT_INTERRUPTED:
        sys.stderr.write(STOPPED)
    sys.exit(code)


if __name__ == "__main__":
    main()
