"""What waits for somebody: the one list that Home, dashboards, the daily digest and programs read."""
