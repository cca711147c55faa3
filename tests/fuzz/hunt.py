"""One target under atheris, in the venv that has it: python -m tests.fuzz.hunt TARGET [flags of libFuzzer]."""

import importlib
import sys

import atheris  # lives in .venv-fuzz alone


def main(name: str, *flags: str) -> None:
    with atheris.instrument_imports(include=["bot", "core", "payments", "infra"]):
        target = importlib.import_module(f"tests.fuzz.{name}")
    atheris.Setup([name, *flags], target.shoot)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
