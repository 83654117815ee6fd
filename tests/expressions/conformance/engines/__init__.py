"""One file for each engine that joins the suite. It holds one function, which may skip where the engine is not installed:

load(xform: str, folder: Path, saved: str = "") -> Sitting

and may hold one more, `in_zone(name: str)`, a context in which the phone stands in another time zone.

`saved` is the XML of the record saved before, for `last saved`; `folder` is empty and the engine's own.
"""
