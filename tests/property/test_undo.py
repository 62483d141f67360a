"""Whatever was imported: undo goes back exactly, redo forth, and as-of shows each state."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.snapshots import as_of, snapshots
from core.undo import redo, undo
from core.workspace import Workspace
from tests.exports import NOW, deal, deals, touches
from tests.states import derived_of, state_of

EXAMPLES = 6
IDS = st.sampled_from(["1", "2", "3", "4"])
DEALS = st.lists(
    st.builds(
        deal,
        IDS.map("D{}".format),
        amount=st.sampled_from(["", "1.00", "2.50", "bad"]),
        currency=st.sampled_from(["", "EUR", "USD"]),
        closed=st.sampled_from(["", "2025-03-04"]),
    ),
    max_size=4,
).map(lambda rows: deals(*rows))
TOUCHES = st.lists(
    st.builds(
        "T{},D{},{},{},,2025-01-15,".format,
        IDS,
        IDS,
        st.sampled_from(["", "ana@example.com"]),
        st.sampled_from(["Email", "Web"]),
    ),
    max_size=4,
).map(lambda rows: touches(*rows))
IMPORTS = st.lists(st.lists(DEALS | TOUCHES, min_size=1, max_size=2), min_size=1, max_size=3)


def states_along(workspace, imports):
    """Import one after the other; return the states before, between and after those that count."""
    states = [(state_of(workspace), derived_of(workspace))]
    for number, contents in enumerate(imports):
        before = snapshots(workspace)
        files = [SourceFile(f"{place}.csv", data) for place, data in enumerate(contents)]
        import_files(workspace, files, NOW + timedelta(days=number))
        if snapshots(workspace) != before:  # else every file was known already
            states.append((state_of(workspace), derived_of(workspace)))
    return states


@settings(max_examples=EXAMPLES)
@given(IMPORTS)
def test_undo_goes_back_through_every_state_redo_forth_and_each_can_be_looked_at(imports):
    with Workspace.in_memory() as workspace:
        states = states_along(workspace, imports)
        for number, state in enumerate(states[1:], start=1):
            with as_of(workspace, number) as copy:
                assert (state_of(copy), derived_of(copy)) == state
        for state in reversed(states[:-1]):
            undo(workspace)
            assert (state_of(workspace), derived_of(workspace)) == state
        for state in states[1:]:
            redo(workspace)
            assert (state_of(workspace), derived_of(workspace)) == state
