"""What target rules say of figures: plain functions on Decimals and dataclasses, without database and clock."""

from kpis.calculations.data import RuleData, rule_data
from kpis.calculations.figures import Figures, Frame, Judged, Line, Point, Stream, years_to_judge
from kpis.calculations.judging import is_judged, judge, judge_numbers
from kpis.calculations.kinds import RANKED, holds, place_of, share_of_way
from kpis.calculations.outcomes import Answer, Said
from kpis.calculations.starts import start_of

__all__ = [
    "RANKED",
    "Answer",
    "Figures",
    "Frame",
    "Judged",
    "Line",
    "Point",
    "RuleData",
    "Said",
    "Stream",
    "holds",
    "is_judged",
    "judge",
    "judge_numbers",
    "place_of",
    "rule_data",
    "share_of_way",
    "start_of",
    "years_to_judge",
]
