"""One module per format; each returns text or sheets and knows nothing of the warehouse.

`text` decodes, `html`, `pdf` and `docx` read documents, `collection` csv files of whole texts, `delimited` csv tables,
`workbook` xlsx and xls. All but plain text is parsed in a process of its own (`isolation`), which runs
`parser_process`; `answer` is what the two say to each other.
"""
