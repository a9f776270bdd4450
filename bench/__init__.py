"""`make bench`: the portal's pages against bare views over the same data, in one run.

    python -m bench [--measures 10000] [--small 1000] [--passes 3] [--only dashboard,csv_all] [--without-copy]

Two databases of the given sizes are made on an embedded PostgreSQL of the bench's own (var/bench) and kept
while the code that shapes them is unchanged. For each of them the web server is started as in production
(config.serve, two workers) with `config.settings.bench`, which adds the floors (bench/floors.py) and a header with
the number of SQL statements. Pages and floors are asked in turn over one connection each, signed in as
programme office. Seconds are those of this machine on this day: quote the ratios.
"""
