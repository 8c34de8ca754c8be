"""`python -m rse`: the same as the command `rse`."""

from rse.cli import main

main()
