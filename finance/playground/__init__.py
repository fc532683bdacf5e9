"""Trying the rules of per diems: a journey typed in, or sent as a case, and what each rule set makes of it."""
