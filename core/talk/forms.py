"""What people write in the talk: a comment, with whom it is meant for."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.editing import RowForm
from core.models import Comment
from core.talk.people import named_in, readers_of
from core.talk.topics import topic_of


class WithNames(RowForm):
    """A comment whose text may name people with @; `about` is the row it is about."""

    class Meta:
        model = Comment
        fields: ClassVar[list[str]] = ["text"]
        labels: ClassVar[dict[str, Any]] = {"text": gettext_lazy("Comment")}
        help_texts: ClassVar[dict[str, Any]] = {
            "text": gettext_lazy("Write @ and a name, for example @Firstname Lastname, to tell somebody.")
        }

    def __init__(self, *args: Any, about: Any, **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)

    @cached_property
    def readers(self) -> list[Any]:
        """People who may read the talk. Two statements."""
        topic = topic_of(self.about)
        return readers_of(self.about, topic) if topic is not None else []

    @cached_property
    def named(self) -> list[Any]:
        """People whom the text names."""
        return named_in(self.cleaned_data.get("text", ""), self.readers)[0]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if "@" not in text:
            return text
        _found, unknown, several = named_in(text, self.readers)
        problems = [
            ValidationError(
                _("Nobody called “@%(name)s” may read this. Write the whole name of somebody who may.")
                % {"name": name},
                code="unknown_name",
            )
            for name in unknown
        ] + [
            ValidationError(
                _("Several people are called “@%(name)s”. Write the whole name or choose from the list.")
                % {"name": name},
                code="several_names",
            )
            for name in several
        ]
        if problems:
            raise ValidationError(problems)
        return text


class CommentForm(WithNames):
    """A new comment or answer."""

    tell = forms.ModelChoiceField(
        label=gettext_lazy("Tell also"), required=False, queryset=get_user_model().objects.none(),
        help_text=gettext_lazy("People who may read this."),
    )  # fmt: skip

    class Meta(WithNames.Meta):
        fields: ClassVar[list[str]] = ["text", "needs_answer"]
        labels: ClassVar[dict[str, Any]] = WithNames.Meta.labels | {
            "needs_answer": gettext_lazy("Needs an answer")
        }
        help_texts: ClassVar[dict[str, Any]] = WithNames.Meta.help_texts | {
            "needs_answer": gettext_lazy(
                "It waits on the first page of those you name, or of who answers for this, until somebody answers."
            )
        }  # fmt: skip

    field_order = ("text", "tell", "needs_answer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [one.pk for one in self.readers if one.pk != self.user.pk]
        people = get_user_model().objects.filter(pk__in=others)
        tell: Any = self.fields["tell"]
        tell.queryset = people.order_by("last_name", "first_name", "username")

    @property
    def mentioned(self) -> list[Any]:
        """Everybody the comment names, by @ or by choosing."""
        chosen = self.cleaned_data.get("tell")
        return list({one.pk: one for one in (*self.named, *([chosen] if chosen else []))}.values())
