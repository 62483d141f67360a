"""Our own file format, as two small files to fill in: the smallest data that give every page."""

from typing import Final

TEMPLATES: Final = {
    "deals.csv": (
        "deal_id,name,account,owner,stage,amount,currency,created_at,closed_at,is_won\n"
        "D-1,Northwind platform,Northwind,Ada Byron,Won,12500.00,EUR,2026-03-02,2026-06-18,true\n"
        "D-2,Kestrel expansion,Kestrel,Grace Hopper,Won,8400.00,EUR,2026-04-11,2026-07-03,true\n"
        "D-3,Halcyon pilot,Halcyon,Ada Byron,Lost,3900.00,EUR,2026-05-05,2026-07-21,false\n"
        "D-4,Orchid renewal,Orchid,Grace Hopper,Proposal,6100.00,EUR,2026-06-30,,\n"
    ),
    "touchpoints.csv": (
        "touch_id,deal_id,contact,channel,campaign,occurred_at,cost\n"
        "T-1,D-1,C-1,Paid search,Brand,2026-03-01 09:12,4.20\n"
        "T-2,D-1,C-1,Webinar,Forecasting basics,2026-04-14 15:00,\n"
        "T-3,D-1,C-2,Events,Revenue summit,2026-05-20,180.00\n"
        "T-4,D-2,C-3,Email,Product news,2026-04-02 08:30,\n"
        "T-5,D-2,C-3,Outbound,Expansion calls,2026-05-09 11:45,\n"
        "T-6,D-3,C-4,Paid search,Brand,2026-05-04 16:20,3.75\n"
    ),
}
"""Content by file name: the header and rows that show what goes where."""
