"""Milestones and plans in words, each with the shape that says the same."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme.projects.calculations import Course, Standing

#: Shape of the status component for each course.
SHAPES = {
    Course.DONE: "ok",
    Course.DONE_ON_TIME: "ok",
    Course.DONE_LATE: "warn",
    Course.LATE: "bad",
    Course.MOVED: "warn",
    Course.ON_TIME: "info",
}


def standing_words(found: Standing) -> str:
    """Where the milestone stands, in words that need no colour: "done 14 days late"."""
    days = {"days": found.days}
    match found.course:
        case Course.DONE:
            return _("done")
        case Course.DONE_ON_TIME:
            return _("done in time")
        case Course.DONE_LATE:
            return ngettext("done %(days)s day late", "done %(days)s days late", found.days) % days
        case Course.LATE:
            return ngettext("late by %(days)s day", "late by %(days)s days", found.days) % days
        case Course.MOVED:
            return ngettext("moved by %(days)s day", "moved by %(days)s days", found.days) % days
    return _("on time")


def joined(names: list[str]) -> str:
    """Names in a row: "goals, schedule and links"."""
    return get_text_list(names, _("and"))
