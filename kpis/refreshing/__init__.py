"""Reading Sotkanet's figures again: by night and when somebody asks, one run at a time (docs/adr/0070)."""
