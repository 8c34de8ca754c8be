"""`rse search`: build the index anew."""

import argparse

from . import index


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    search = commands.add_parser("search", help="the search index")
    actions = search.add_subparsers(required=True, metavar="action")
    step = actions.add_parser(
        "reindex", help="build the search index anew; search goes on meanwhile"
    )
    step.set_defaults(func=reindex, on_instance=True)


async def reindex(_options: argparse.Namespace) -> int:
    """Read everything that can be found again, and say how much it was."""
    for kind, number in (await index.reindex()).items():
        print(f"{kind}: {number}")
    return 0
