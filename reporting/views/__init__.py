"""Pages that join several apps: home, dashboard, slices, big room."""
