"""Converts workbooks with the pyxform of the Python that runs this. Knows nothing of pimforms.

Reads a JSON object {workbook: where its XForm shall lie} and prints one line of JSON a workbook.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from pyxform.xls2xform import convert


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8")
    for workbook, xform in json.load(sys.stdin).items():
        said = {"workbook": workbook, "pyxform": version("pyxform"), "warnings": [], "error": None}
        try:
            result = convert(workbook, validate=False)
            said["warnings"] = list(result.warnings)
            Path(xform).write_text(result.xform, encoding="utf-8")
        except Exception as error:
            said["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(said, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
