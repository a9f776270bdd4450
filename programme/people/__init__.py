"""People of a programme and their roles: the list, one person, giving and taking roles, invitations.

A person is seen here only while they have a role here. What somebody may give is in `rules`, every write in
`services`, the reading of a pasted list in `invitations`.
"""
