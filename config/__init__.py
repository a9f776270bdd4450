"""Settings, addresses, start and supervision of the portal; imports any app, no app imports it but for limits."""
