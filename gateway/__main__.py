"""Lets ``python -m gateway`` do what the command does."""

from gateway.cli import main

main()
