"""The council's annual objectives: the matrix, answers, what was fixed by decisions, and when it is reported."""
