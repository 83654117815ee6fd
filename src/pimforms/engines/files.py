"""The files beside a form, for JavaRosa: what `pulldata` looks up, and external lists."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pimforms.engines.interview import EngineError


def _object(interface: str, methods: dict[str, Callable[..., Any]]) -> Any:
    """A Java object of an interface. Its class can be made only once Java runs."""
    import jpype

    body = {name: jpype.JOverride(_method(function)) for name, function in methods.items()}
    return jpype.JImplements(interface)(type("Made", (), body))()


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *arguments: function(*arguments)


def pulldata(rosa: Any, folder: Path) -> Any:
    """The function `pulldata('cards', 'size', 'code', value)`: Collect has it, JavaRosa alone does not."""
    import jpype

    tables: dict[str, list[dict[str, str]]] = {}

    def table(name: str) -> list[dict[str, str]]:
        if name not in tables:
            path = folder / f"{name}.csv"
            try:
                with path.open(encoding="utf-8-sig", newline="") as file:
                    tables[name] = list(csv.DictReader(file))
            except (OSError, UnicodeDecodeError, csv.Error) as error:
                why = getattr(error, "strerror", None) or error
                raise EngineError(f"{path.name} cannot be read ({why})", "put it beside the form, as UTF-8") from None
        return tables[name]

    def look_up(arguments: Any, context: Any) -> str:
        text = rosa.xpath.expr.XPathFuncExpr.toString
        name, column, key, value = (str(text(argument)) for argument in arguments)
        rows = table(name.removesuffix(".csv"))
        return next((row.get(column) or "" for row in rows if row.get(key) == value), "")

    return _object(
        "org.javarosa.core.model.condition.IFunctionHandler",
        {
            "getName": lambda: "pulldata",
            "getPrototypes": jpype.java.util.ArrayList,
            "rawArgs": lambda: True,
            "realTime": lambda: False,
            "eval": look_up,
        },
    )


def serve_folder(rosa: Any, folder: Path) -> None:
    """External lists (`jr://file-csv/…`, `jr://file/…`) come from the folder of the form."""
    import jpype

    def derive(uri: Any, context: Any = None) -> Any:
        path = folder / str(uri).rpartition("/")[2]
        none = jpype.JArray(jpype.JClass("org.javarosa.core.reference.Reference"))(0)
        return _object(
            "org.javarosa.core.reference.Reference",
            {
                "doesBinaryExist": path.is_file,
                "getStream": lambda: jpype.java.io.FileInputStream(str(path)),
                "getURI": lambda: str(uri),
                "getLocalURI": lambda: str(path),
                "isReadOnly": lambda: True,
                "getOutputStream": lambda: None,
                "remove": lambda: None,
                "probeAlternativeReferences": lambda: none,
            },
        )

    manager = rosa.core.reference.ReferenceManager.instance()
    manager.reset()
    manager.addReferenceFactory(
        _object(
            "org.javarosa.core.reference.ReferenceFactory",
            {"derives": lambda uri: str(uri).startswith("jr://file"), "derive": derive},
        )
    )
