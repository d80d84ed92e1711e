"""One module per format; each returns text or sheets and knows nothing of the warehouse.

`text` decodes, `workbook` reads xlsx and xls, `delimited` reads csv tables. Workbooks are parsed in a process of
their own (`isolation`), which runs `parser_process`.
"""
