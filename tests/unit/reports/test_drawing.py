"""Drawings are made by a process of their own: in order, and its end is not ours."""

import subprocess
import sys

import pytest

from core.errors import ReportError
from core.reports.drawing import Form, Task, begun, drawn

GOOD = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
# A bell in a text ends the renderer's whole process; charts never hold one.
DEADLY = {
    "data": {"values": [{"a": "ding\x07"}]},
    "mark": "text",
    "encoding": {"text": {"field": "a"}},
}
REMOTE = {"data": {"url": "http://127.0.0.1:9/rows.json"}, "mark": "bar"}


def test_drawings_come_in_the_order_they_were_asked_for():
    svg, png, pdf = drawn([Task("T", form, GOOD, 2.0) for form in (Form.SVG, Form.PNG, Form.PDF)])

    assert svg.startswith(b"<svg")
    assert png.startswith(b"\x89PNG")
    assert pdf.startswith(b"%PDF")


def test_nothing_to_draw_starts_no_process(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere")

    assert drawn([]) == []


@pytest.mark.parametrize(
    "broken", [DEADLY, {"mark": 3}, REMOTE], ids=["deadly", "no chart", "remote"]
)
def test_a_chart_that_ends_the_renderer_is_named_in_an_error(broken):
    with pytest.raises(ReportError, match="cannot be drawn: Second"):
        drawn([Task("First", Form.PDF, GOOD), Task("Second", Form.PDF, broken)])


def test_a_renderer_that_does_not_start_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with pytest.raises(ReportError, match="cannot be drawn: First"):
        drawn([Task("First", Form.PDF, GOOD)])


def test_a_renderer_begun_early_does_the_first_work(monkeypatch):
    with begun():
        monkeypatch.setattr(sys, "executable", "/nowhere/python")

        assert drawn([Task("First", Form.PDF, GOOD)])[0].startswith(b"%PDF")
        with pytest.raises(ReportError, match="cannot be drawn: Second"):
            drawn([Task("Second", Form.PDF, GOOD)])


def test_one_renderer_waits_at_a_time_and_none_when_its_work_was_not_wanted(monkeypatch):
    started = []
    popen = subprocess.Popen

    def counting(*arguments, **named):
        started.append(popen(*arguments, **named))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", counting)
    with begun(), begun():
        assert len(started) == 1
        assert started[0].poll() is None

    assert started[0].poll() is not None
    with begun():
        assert len(started) == 2


def test_a_chart_that_ends_a_renderer_begun_early_is_named_too():
    with begun(), pytest.raises(ReportError, match="cannot be drawn: Second"):
        drawn([Task("First", Form.PDF, GOOD), Task("Second", Form.PDF, DEADLY)])


def test_a_renderer_that_cannot_begin_early_is_an_error_when_it_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with begun(), pytest.raises(ReportError, match="cannot be drawn: First"):
        drawn([Task("First", Form.PDF, GOOD)])
