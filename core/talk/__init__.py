"""Talk beside rows: comments with mentions, questions that wait for an answer, following and muting, files.

`topics` says which rows, `people` who may hear of one, `services` writes, `selectors` reads, `views` shows.
On a page: `{% load talk %}{% talk row %}`; the part loads after the page and costs it no statement.
"""
