"""One institution for each province, added and taken back in one step."""
