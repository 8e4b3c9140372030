"""The table of open questions and the switches agree."""

from __future__ import annotations

from dataclasses import fields

import pytest

from meshglobal.sandbox.controlplane.switches import QUESTIONS, Question, Switches


def test_every_question_has_a_switch_with_its_default() -> None:
    table = {question.switch.replace("-", "_"): question.default for question in QUESTIONS}
    assert table == {field.name: field.default for field in fields(Switches)}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.switch)
def test_every_answer_can_be_given(question: Question) -> None:
    assert len(question.answers) > 1
    for answer in question.answers:
        switches = Switches.parse([f"{question.switch}={answer}"])
        assert getattr(switches, question.switch.replace("-", "_")) == answer


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [("weather=fine", "there is no switch 'weather'"), ("location=HERE", "takes unset, MESH_INTERNAL; not 'HERE'")],
)
def test_a_bad_setting_is_explained(setting: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Switches.parse([setting])
