"""Tickets and boarding passes that lie with a leg: attached by organisers and travellers, taken along as evidence."""
