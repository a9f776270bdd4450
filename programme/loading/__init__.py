"""Reading a programme file into rows: `docs/programme-file.md` describes the format.

`reading` turns YAML into plain values with line numbers, `format` says what may stand in a file,
`checks` what must agree in it, `plan` and `rows` which rows it makes, `storing` writes them.
Apps to the right add their own rows with `register`.
"""

from programme.loading.plan import Plan, Ref, after_loading, finish, register
from programme.loading.problems import Problem, ProgrammeFileError

__all__ = ["Plan", "Problem", "ProgrammeFileError", "Ref", "after_loading", "finish", "register"]
