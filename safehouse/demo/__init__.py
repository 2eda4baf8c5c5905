"""An invented office to try things out: two houses, eighteen beds, fourteen residents, and everyone who works there.

Its key lies in the clear beside its data, and every page says that the data is invented. Nobody in it exists.
"""
