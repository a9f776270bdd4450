"""Tables that people bring along, XLSX or CSV, read without trusting them.

    for sheet in read_tables(path, "talousarvio.xlsx"):
        for row in sheet.rows: ...

What is wrong with a file is raised as `Refused`, whose message says it in words with its sheet, row and column.
`core.tables.cells` reads single cells: amounts, days, months, texts.
"""

from core.tables.refusals import Refused
from core.tables.sheets import Fault, Sheet, Value, column_name, place
from core.tables.tables import read_stored, read_tables

__all__ = ["Fault", "Refused", "Sheet", "Value", "column_name", "place", "read_stored", "read_tables"]
