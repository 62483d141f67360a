"""Small export files written by the tests, and the way they are imported."""

from datetime import UTC, datetime

from core.crm.importing import import_files
from core.crm.options import ImportOptions
from core.crm.receipts import Receipt, SourceFile
from core.workspace import Workspace

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEALS_HEADER = "deal_id,name,account,owner,stage,amount,currency,created_at,closed_at,is_won"
TOUCHES_HEADER = "touch_id,deal_id,contact,channel,campaign,occurred_at,cost"


def deal(deal_id="D1", amount="10.00", currency="USD", created="2025-01-02", closed="2025-03-04"):
    return f'{deal_id},Name,Acme,Ana,Closed Won,"{amount}",{currency},"{created}","{closed}",true'


def deals(*rows: str) -> bytes:
    return "\n".join((DEALS_HEADER, *rows, "")).encode()


def touches(*rows: str) -> bytes:
    return "\n".join((TOUCHES_HEADER, *rows, "")).encode()


def load(workspace: Workspace, data: bytes, options: ImportOptions | None = None) -> Receipt:
    (receipt,) = import_files(workspace, [SourceFile("export.csv", data)], NOW, options)
    return receipt


def reasons(receipt: Receipt) -> dict[int, str]:
    return {reject.row: reject.reason for reject in receipt.rejects}
