"""Vehicles that fetch travellers and take them away: who rides, when it leaves, and the driver's sheet."""
