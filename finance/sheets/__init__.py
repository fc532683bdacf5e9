"""Per diems: rates, the rule, the sheet and its approval."""
