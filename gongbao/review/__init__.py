"""`gongbao review`: the open questions, what is known of one, and a curator's answer as a line of vocabulary.

`questions` reads them, `pages` shows them, `answers` writes what was decided: into the overlay on gongbao/reference and
into `ledger/review.jsonl`. `inventory` tells what became of the blocks of workbooks, without a warehouse.
"""
