"""`python -m pimforms`: the same as the `pimforms` command."""

from pimforms.cli.main import run

if __name__ == "__main__":
    run()
