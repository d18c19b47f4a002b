"""A synthetic England: invented schools, figures drawn as real ones behave, publishers' layouts."""

from bridgehead.opendata.synthetic.writer import Written, write

__all__ = ["Written", "write"]
