"""The engine of ODK Collect and KoboCollect, JavaRosa, as an `Interview`.

JavaRosa itself sets hidden questions and accepts codes that no list has; the app around it does not let that happen. So
what the app's screens prevent is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree

from pimforms.engines import java
from pimforms.engines.answers import type_problem
from pimforms.engines.interview import (
    NOT_A_CHOICE,
    OK,
    REFUSED,
    REQUIRED,
    UNREACHABLE,
    WRONG_TYPE,
    Answered,
    Asked,
    End,
    EngineError,
    NewRepeat,
    Problem,
)

_PART = re.compile(r"([^\[\]/]+)(?:\[(\d+)\])?")
_CHOICES = re.compile(r'<(?:select1?|(?:odk:)?rank)\b[^>]*\bref="[^"]*?([^"/]+)"|<itemset\b[^>]*\bnodeset="([^"]*)"')
_STATUS = {0: OK, 1: REQUIRED, 2: REFUSED}
_END, _PROMPT, _QUESTION, _REPEAT = 1, 2, 4, 16  # FormEntryController.EVENT_…
_Method = TypeVar("_Method", bound=Callable[..., Any])


def _guarded(method: _Method) -> _Method:
    """What Java throws becomes one sentence."""

    @wraps(method)
    def call(self: JavaRosa, *arguments: Any) -> Any:
        try:
            return method(self, *arguments)
        except self.java_error as error:
            said = " ".join(str(error).split())
            raise EngineError(f"the engine stops: {re.sub(r'(?:java[.]lang[.])+[A-Za-z]+: ?', '', said)}") from None

    return call  # type: ignore[return-value]


class JavaRosa:
    """A form from its XForm; `folder` is where its CSV files are. One record at a time: `start` makes a new one."""

    def __init__(self, xform: str, folder: str) -> None:
        rosa = java.start(long=False)
        import jpype

        from pimforms.engines.files import pulldata, serve_folder

        self.java_error = jpype.JException
        self._int = jpype.JInt
        self._rosa = rosa
        self._handler = pulldata(rosa, Path(folder))
        serve_folder(rosa, Path(folder))
        try:
            stream = jpype.java.io.ByteArrayInputStream(jpype.JArray(jpype.JByte)(xform.encode("utf-8")))
            self._form = rosa.xform.util.XFormUtils.getFormFromInputStream(stream)
        except jpype.JException as error:
            raise EngineError(f"the engine cannot read this form: {' '.join(str(error).split())}") from None
        if self._form is None:
            raise EngineError("the engine cannot read this form, and does not say why")
        self._pristine = self._form.getMainInstance().clone()
        self._factory = rosa.core.model.instance.InstanceInitializationFactory
        self._parse = rosa.xform.util.XFormAnswerDataParser.getAnswerData
        self._beginning = rosa.core.model.FormIndex.createBeginningOfFormIndex()
        constants = rosa.core.model.Constants
        self._selects = {
            int(constants.CONTROL_SELECT_ONE),
            int(constants.CONTROL_SELECT_MULTI),
            int(constants.CONTROL_RANK),
        }
        self._one = int(constants.CONTROL_SELECT_ONE)
        self._rank = int(constants.CONTROL_RANK)
        localizer = self._form.getLocalizer()
        self._languages = [str(each) for each in localizer.getAvailableLocales()] if localizer is not None else []
        self._chains: dict[str, tuple[str, ...]] = {}
        self._repeats: set[str] = set()
        self._learn(self._form.getMainInstance().getRoot(), ())
        self._filtered = _filtered(xform)
        self._indexes: dict[str, Any] = {}
        self._paths: dict[str, str] = {}
        self._codes: dict[str, frozenset[str]] = {}
        self.start()

    def _learn(self, element: Any, above: tuple[str, ...]) -> None:
        """The names around each name. Names are unique in a form."""
        for number in range(int(element.getNumChildren())):
            child = element.getChildAt(self._int(number))
            name = str(child.getName())
            if child.isRepeatable():
                self._repeats.add(name)
            self._chains.setdefault(name, (*above, name))
            self._learn(child, (*above, name))

    # ---- the record

    @_guarded
    def start(self) -> None:
        # A clone of the empty record: 3 ms for a form of 200 rows, where reading the form anew takes 150.
        self._form.setInstance(self._pristine.clone())
        self._form.getEvaluationContext().addFunctionHandler(self._handler)
        self._form.initialize(True, self._factory())
        api = self._rosa.form.api
        self._model = api.FormEntryModel(self._form)
        self._control = api.FormEntryController(self._model)
        if self._languages:
            self._control.setLanguage(self._languages[0])
        self._event, self._path = 0, ""

    @_guarded
    def next(self) -> Asked | NewRepeat | End:
        while True:
            self._event = int(self._control.stepToNextEvent())
            if self._event == _QUESTION:
                return self._asked()
            if self._event == _END:
                self._path = ""
                return End()
            if self._event in (_PROMPT, _REPEAT):
                self._path = self._here()
                if self._event == _PROMPT:
                    repeat, _, number = self._path.rpartition("[")
                    return NewRepeat(repeat, repeat.rpartition("/")[2], int(number[:-1]) - 1)

    def _asked(self) -> Asked:
        self._path = self._here()
        prompt = self._model.getQuestionPrompt()
        self._prompt = prompt
        answer = prompt.getAnswerValue()
        return Asked(
            self._path,
            self._path.rpartition("/")[2],
            bool(prompt.isReadOnly()),
            bool(prompt.isRequired()),
            "" if answer is None else str(answer.uncast().getString()),
        )

    def _here(self) -> str:
        """The path of what is at hand; its index is kept, so that a jump does not have to step there."""
        index = self._model.getFormIndex()
        path = self._path_of(index)
        if self._event == _QUESTION:
            self._indexes[path] = index
        return path

    def _path_of(self, index: Any) -> str:
        written = str(index.getReference().toString(True))
        path = self._paths.get(written)
        if path is None:
            parts = [(name, number or "1") for name, number in _PART.findall(written)][1:]
            path = "/".join(
                f"{name}[{number}]" if name in self._repeats else name
                for place, (name, number) in enumerate(parts)
                if name in self._repeats or place == len(parts) - 1
            )
            self._paths[written] = path
        return path

    # ---- answering

    @_guarded
    def answer(self, value: str | None) -> Answered:
        index = self._model.getFormIndex()
        if self._event != _QUESTION or not self._model.isIndexRelevant(index):
            return Answered(UNREACHABLE, "this question is not shown")
        prompt = self._prompt
        if prompt.isReadOnly():
            return Answered(WRONG_TYPE, "this is a note; it takes no answer")
        data = None
        if value:
            control = int(prompt.getControlType())
            if control in self._selects:
                problem = self._not_offered(value, control)
                if problem is not None:
                    return problem
            else:
                why = type_problem(value, int(prompt.getDataType()))
                if why:
                    return Answered(WRONG_TYPE, why)
            data = self._parse(value, prompt.getDataType(), prompt.getQuestion())
            if data is None:
                return Answered(WRONG_TYPE, f"this question takes no answer like `{value}`")
        status = _STATUS[int(self._control.answerQuestion(index, data, True))]
        said = prompt.getConstraintText() if status == REFUSED else None
        return Answered(status, "" if said is None else str(said))

    def _not_offered(self, value: str, control: int) -> Answered | None:
        codes = value.split(" ")
        offered = self._offered()
        wrong = [code for code in codes if code not in offered]
        if wrong:
            return Answered(
                NOT_A_CHOICE, f"`{wrong[0]}` is not among the choices offered: {', '.join(sorted(offered))}"
            )
        if len(set(codes)) < len(codes):
            return Answered(NOT_A_CHOICE, f"a choice stands twice in `{value}`")
        if control == self._one and len(codes) > 1:
            return Answered(NOT_A_CHOICE, "only one choice may be taken")
        if control == self._rank and len(codes) < len(offered):
            return Answered(NOT_A_CHOICE, "every choice must have its rank")
        return None

    def _offered(self) -> frozenset[str]:
        name = self._path.rpartition("/")[2]
        codes = self._codes.get(name)
        if codes is None:
            codes = frozenset(str(choice.getValue()) for choice in self._prompt.getSelectChoices() or ())
            if name not in self._filtered:
                self._codes[name] = codes
        return codes

    @_guarded
    def choices(self) -> tuple[tuple[str, str], ...]:
        if self._event != _QUESTION or int(self._prompt.getControlType()) not in self._selects:
            return ()
        prompt = self._prompt
        return tuple(
            (str(choice.getValue()), str(prompt.getSelectChoiceText(choice) or ""))
            for choice in prompt.getSelectChoices()
        )

    @_guarded
    def codes(self) -> frozenset[str]:
        """The codes that the question at hand offers now: `choices` without the cost of the labels."""
        if self._event != _QUESTION or int(self._prompt.getControlType()) not in self._selects:
            return frozenset()
        return self._offered()

    @_guarded
    def label(self) -> str:
        if self._event != _QUESTION:
            return ""
        self._prompt = self._model.getQuestionPrompt()  # what it speaks of, or the language, may have changed
        return str(self._prompt.getQuestionText() or "")

    @_guarded
    def hint(self) -> str:
        if self._event != _QUESTION:
            return ""
        self._prompt = self._model.getQuestionPrompt()
        return str(self._prompt.getHelpText() or "")

    @_guarded
    def language(self, code: str) -> bool:
        for name in self._languages:
            if name == code or name.endswith(f"({code})"):
                self._control.setLanguage(name)
                return True
        return False

    # ---- moving

    @_guarded
    def jump(self, place: str) -> Asked | None:
        path = self._canonical(place)
        if path is None:
            return None
        index = self._indexes.get(path)
        if index is not None and self._form.getMainInstance().resolveReference(index.getReference()) is not None:
            if not self._model.isIndexRelevant(index):
                return None
            self._event = int(self._control.jumpToIndex(index))
            return self._asked()
        return self._asked() if self._step_to(_QUESTION, path) else None

    def _step_to(self, event: int, path: str) -> bool:
        """Steps from the beginning to an event at a path; if it is not met, nothing has moved."""
        before, was, where = self._model.getFormIndex(), self._event, self._path
        self._control.jumpToIndex(self._beginning)
        while (step := int(self._control.stepToNextEvent())) != _END:
            self._event = step
            if self._event in (_QUESTION, _PROMPT, _REPEAT):
                self._path = self._here()
                if self._event == event and self._path == path:
                    return True
                if self._event == event == _PROMPT and self._path.rpartition("[")[0] == path:
                    return True
        self._control.jumpToIndex(before)
        self._event, self._path = was, where
        return False

    def _canonical(self, place: str) -> str | None:
        """The path of a place, with the members at hand where it says none."""
        given = _PART.findall(place)
        if not given or given[-1][0] not in self._chains:
            return None
        here = {name: number for name, number in _PART.findall(self._path) if number}
        numbers = {**here, **{name: number for name, number in given if number}}
        chain = self._chains[given[-1][0]]
        parts = [
            f"{name}[{numbers.get(name, '1')}]" if name in self._repeats else name
            for name in chain
            if name in self._repeats or name is chain[-1]
        ]
        return "/".join(parts)

    @_guarded
    def add_member(self, repeat: str) -> bool:
        path = self._canonical(repeat)
        wanted = None if path is None else path.rpartition("[")[0]
        if wanted is None:
            return False
        at_hand = self._event == _PROMPT and self._path.rpartition("[")[0] == wanted
        if not at_hand and not self._step_to(_PROMPT, wanted):
            return False
        self._control.newRepeat()
        self._event = _REPEAT
        return True

    @_guarded
    def remove_member(self, repeat: str, number: int) -> bool:
        path = self._canonical(repeat)
        if path is None or not self._step_to(_REPEAT, f"{path.rpartition('[')[0]}[{number}]"):
            return False
        index = self._model.getFormIndex()
        if self._form.getChild(index).getCountReference() is not None:
            return False
        self._event = int(self._control.jumpToIndex(self._control.deleteRepeat(index)))
        self._path = self._here()
        return True

    # ---- what is in it

    def _reference(self, path: str) -> Any:
        numbers = {name: int(number) for name, number in _PART.findall(path) if number}
        reference = self._rosa.core.model.instance.TreeReference.rootRef()
        reference.add(self._form.getMainInstance().getRoot().getName(), self._int(0))
        for name in self._chains[path.rpartition("/")[2].partition("[")[0]]:
            reference.add(name, self._int(numbers.get(name, 1) - 1))
        return reference

    @_guarded
    def value(self, place: str) -> str | None:
        path = self._canonical(place)
        if path is None:
            return None
        node = self._form.getMainInstance().resolveReference(self._reference(path))
        if node is None or not node.isRelevant():
            return None
        found = node.getValue()
        return "" if found is None else str(found.uncast().getString())

    @_guarded
    def submission(self) -> str:
        visitor = self._rosa.model.xform.XFormSerializingVisitor()
        return bytes(visitor.serializeInstance(self._form.getMainInstance())).decode("utf-8")

    def recorded(self) -> tuple[tuple[str, str], ...]:
        """The leaves of what would be sent, each with its path and value; blank ones, too."""
        found: list[tuple[str, str]] = []

        def visit(element: ElementTree.Element, above: str) -> None:
            seen: dict[str, int] = {}
            for child in element:
                name = child.tag.rpartition("}")[2]
                seen[name] = seen.get(name, 0) + 1
                numbered = f"{name}[{seen[name]}]"
                if len(child):
                    visit(child, f"{above}{numbered}/" if name in self._repeats else above)
                else:
                    found.append((above + (numbered if name in self._repeats else name), child.text or ""))

        visit(ElementTree.fromstring(self.submission()), "")
        return tuple(found)

    @_guarded
    def finish(self) -> Problem | None:
        outcome = self._form.validate(True)
        if outcome is None:
            self._form.postProcessInstance()
            return None
        status = _STATUS[int(outcome.outcome)]
        path = self._path_of(outcome.failedPrompt)
        said = self._model.getQuestionPrompt(outcome.failedPrompt).getConstraintText() if status == REFUSED else None
        return Problem(path, path.rpartition("/")[2], status, "" if said is None else str(said))


def _filtered(xform: str) -> frozenset[str]:
    """The names of the questions whose choices depend on other answers."""
    found, name = set(), ""
    for match in _CHOICES.finditer(xform):
        if match[1]:
            name = match[1]
        elif "[" in match[2]:
            found.add(name)
    return frozenset(found)
