"""Measures as a workbook: taken out, edited in Excel, read again, compared cell by cell, and taken over.

`columns` says what stands where, `export` writes, `running` takes a file in, `applying` carries it out.
"""
