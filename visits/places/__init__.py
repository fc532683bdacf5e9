"""Where things are: airports, towns, countries, the zone and the distance of two places."""
