"""`python -m bench [names…]`: measure, print the table, keep the numbers in bench/results."""

import argparse
import importlib
import pkgutil
import sys

import bench
from bench import frame, report


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads, or beginnings of their names; all")
    parser.add_argument("--list", action="store_true", help="only name them")
    options = parser.parse_args()
    load()
    items = frame.chosen(options.names)
    if options.list:
        print("\n".join(f"{item.name:<24} {item.title}" for item in items))
        return 0
    path, text = report.write(frame.run(items))
    print(f"{text}\nkept in {path.name}")
    return 0


def load() -> None:
    """Import bench/work_*.py: each registers its workloads."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name.startswith("work_"):
            importlib.import_module(f"bench.{module.name}")


if __name__ == "__main__":
    sys.exit(main())
