"""Every writer gives a text of facts alone; whatever goes wrong, the reader has a text by rules."""

import socket
from dataclasses import replace

import pytest

from core.analyst.narrative import narrate
from core.analyst.writers.base import Request, Watch
from core.analyst.writers.registry import WRITERS, WriterSettings, writer
from core.analyst.writers.wire import MOST_ANSWER_BYTES
from core.errors import InvalidParameterError, UnknownNameError, WriterError
from tests.corpora import honest_texts, lying_texts, slotted
from tests.facts import NAMES, invented_sheet
from tests.ollama import as_json, model_server

SHEET = invented_sheet()
MODELS = [name for name in WRITERS if name != "rules"]
GOOD = slotted("{closed_won} came from {won_deals}.", SHEET)
BY_RULES = narrate(SHEET, writer(WriterSettings())).text


def settings(name, url="http://127.0.0.1:9", **more):
    return WriterSettings(
        name, ollama_url=url, openai_url=url, openai_model="mistral", openai_key="secret", **more
    )


def written(name, server, **more):
    return narrate(SHEET, writer(settings(name, server.url, **more)))


@pytest.fixture(params=MODELS)
def name(request):
    return request.param


@pytest.mark.parametrize("any_name", list(WRITERS))
def test_every_writer_gives_sentences_that_hold(any_name):
    with model_server(answers=[as_json(GOOD)]) as server:
        text = written(any_name, server)

    assert text.sentences
    assert text.dropped == ()
    assert text.note == ""
    assert all(sentence.facts for sentence in text.sentences)


@pytest.mark.parametrize("any_name", list(WRITERS))
def test_every_writer_says_who_it_is_and_what_it_sent_where(any_name):
    with model_server(answers=[as_json(GOOD)]) as server:
        text = written(any_name, server)

    assert text.label.startswith(f"Written by {text.writer} from {len(SHEET.facts)} facts.")
    assert ("Nothing was sent anywhere" in text.label) == (any_name == "rules")
    assert ("127.0.0.1" in text.label) == (any_name != "rules")


@pytest.mark.parametrize("any_name", list(WRITERS))
def test_every_writer_can_be_tested(any_name):
    with model_server() as server:
        assert writer(settings(any_name, server.url)).test().works


def test_the_reader_sees_the_values_the_model_never_typed(name):
    with model_server(answers=[as_json(GOOD)]) as server:
        text = written(name, server)

    assert text.text == "\u20ac4.21m of closed-won revenue came from 48 won deals."
    assert [fact.name for fact in text.footnotes] == ["closed_won", "won_deals"]


def test_no_name_of_the_data_reaches_a_model(name):
    with model_server(answers=[as_json(GOOD)]) as server:
        written(name, server, sends_values=True)

    assert "48 won deals" in server.sent
    assert not [known for known in NAMES if known.lower() in server.sent.lower()]


def test_figures_stay_here_where_the_operator_wants_it(name):
    with model_server(answers=[as_json(GOOD)]) as server:
        text = written(name, server, sends_values=False)

    assert "48 won deals" not in server.sent
    assert "without their values" in text.label


def test_a_sentence_that_fails_is_asked_for_once_more(name):
    lie = slotted("Revenue fell to {closed_won}.", SHEET)
    with model_server(answers=[as_json(lie), as_json(GOOD)]) as server:
        text = written(name, server)

    assert len(server.requests) == 2
    assert lie in server.sent
    assert text.dropped == ()
    assert text.text.startswith("\u20ac4.21m")


def test_a_sentence_that_fails_twice_is_dropped_and_counted(name):
    lie = slotted("Revenue fell to {closed_won}.", SHEET)
    with model_server(answers=[as_json(GOOD, lie), as_json(lie)]) as server:
        text = written(name, server)

    assert len(server.requests) == 2
    assert "1 of 2 sentences held." in text.label
    assert "fell" not in text.text


def test_plain_text_is_read_like_json(name):
    with model_server(answers=[f"- {GOOD}\n- Revenue is 7."]) as server:
        text = written(name, server)

    assert text.text == "\u20ac4.21m of closed-won revenue came from 48 won deals."


def test_a_server_before_schemas_is_asked_without_one(name):
    with model_server(answers=["unused", as_json(GOOD)], knows_schemas=False) as server:
        text = written(name, server)

    assert len(server.requests) == 2
    assert text.note == ""


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ({"answers": ["x" * 400], "dies_after": 3}, "stopped half-way"),
        ({"answers": ["x" * 400], "pause_seconds": 0.2}, "longer than 0.5 seconds"),
        ({"models": ("llama3",)}, "does not have the model"),
        ({"raw": b"not json\n\ndata: {]\n"}, "half-way"),
        ({"raw": b"data: [1]\n\n"}, "Written by rules"),
        ({"raw": b'{"message": 7}\n'}, "half-way"),
        ({"raw": b""}, "half-way"),
        ({"raw": b"x" * (MOST_ANSWER_BYTES + 1)}, "sent too much"),
        ({"status": 500}, "refused with status 500"),
        ({"status": 302}, "refused with status 302"),
        ({"answers": ["x" * 100], "error": "out of memory"}, "Written by rules"),
        ({"answers": [""]}, "Written by rules"),
        ({"answers": ["\u0000\u202e{}[]"]}, "Written by rules"),
        ({"answers": ['{"sentences": 7}']}, "Written by rules"),
        ({"answers": ["[" * 5000]}, "Written by rules"),
    ],
)
def test_a_server_that_misbehaves_leaves_the_text_by_rules_and_one_calm_line(name, behaviour, said):
    with model_server(**behaviour) as server:
        text = written(name, server, timeout_seconds=0.5)

    assert text.text == BY_RULES
    assert said in text.note or ("JSON" in text.note and said == "half-way")
    assert "Written by rules instead." in text.note
    assert "Sent to 127.0.0.1" in text.label  # it was asked, whatever came of it


def test_a_server_that_is_not_there_leaves_the_text_by_rules(name):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    text = narrate(SHEET, writer(settings(name, url)))

    assert text.text == BY_RULES
    assert "No model server answers at 127.0.0.1" in text.note
    assert "Nothing was sent anywhere" in text.label


def test_writing_can_be_followed_and_stopped(name):
    seen = []
    with model_server(answers=["x" * 400]) as server:
        made = writer(settings(name, server.url))
        watch = Watch(seen.append, lambda: len(seen) > 2)
        with pytest.raises(WriterError) as stopped:
            made.write(Request(SHEET), watch)

    assert stopped.value.code == "cancelled"
    assert seen == [12, 24, 36]


def test_a_key_is_sent_and_never_shown():
    with model_server(answers=[as_json(GOOD)]) as server:
        text = written("openai", server)

    assert "Bearer secret" in server.sent
    assert "secret" not in repr(settings("openai")) + text.label + repr(writer(settings("openai")))


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1", "http://", "http://user:pw@host", "file:///etc/passwd", "http://h:99999"],
)
def test_an_address_that_is_none_of_a_server_is_refused(url):
    with pytest.raises(InvalidParameterError):
        writer(replace(settings("ollama"), ollama_url=url))


def test_an_unknown_writer_is_refused_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="rules, ollama, openai"):
        writer(WriterSettings("gpt"))


def test_no_lie_reaches_the_reader():
    kept = []
    for kind, lie in lying_texts(SHEET):
        text = narrate(SHEET, _Says(lie, GOOD))
        if text.text != "\u20ac4.21m of closed-won revenue came from 48 won deals.":
            kept.append((kind, lie, text.text))

    assert len(lying_texts(SHEET)) >= 200
    assert kept == []


def test_no_lie_reaches_the_reader_through_the_protocol(name):
    with model_server() as server:
        for _, lie in lying_texts(SHEET)[:: 1 if name == "ollama" else 5]:
            server.behaviour.answers = [lie]
            assert written(name, server).text == BY_RULES


def test_honest_texts_are_kept():
    texts = honest_texts(SHEET)
    whole = [text for text in texts if not narrate(SHEET, _Says(text)).dropped]

    assert len(set(texts)) >= 190
    assert len(whole) >= 0.95 * len(texts)


class _Says:
    """A writer that says one thing, again and again."""

    name = "says"
    title = "a model"
    is_ours = False

    def __init__(self, *texts):
        self._texts = texts

    def sent(self, sheet):
        return "Nothing was sent."

    def write(self, request, watch):
        from core.analyst.writers.drafts import sentences_of

        return tuple(part for text in self._texts for part in sentences_of(text))
