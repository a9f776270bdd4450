"""Translations: what is found, what is kept, what the check refuses."""

import gettext

import pytest

from core.management.commands import messages


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        'TITLE = _("Measures")\n'
        'COUNT = ngettext("%(count)s measure", "%(count)s measures", 2)\n'
        'WORD = pgettext("money", "saving")\n'
        'VARIABLE = _("Hello %(name)s")\n'
        "plain = 'not a text'\n",
        encoding="utf-8",
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% load i18n %}\n<h1>{% translate 'Big room' %}</h1>\n      <p>it's \"odd\" text (\n  </p>\n"
        "{% blocktranslate count counter=rows|length trimmed %}\n   One row\n{% plural %}\n   {{ counter }} rows\n"
        '{% endblocktranslate %}{% translate "saving" context "verb" %}{{ _("In a variable") }}',
        encoding="utf-8",
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text('_("only in tests")\n', encoding="utf-8")
    return tmp_path


def catalogue(tree, language="fi"):
    return messages.catalogue_path(tree / "locale", language)


def translate(tree, replacements, language="fi"):
    path = catalogue(tree, language)
    text = path.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


ALL_FINNISH = {
    'msgid "Measures"\nmsgstr ""': 'msgid "Measures"\nmsgstr "Toimenpiteet"',
    'msgid "Big room"\nmsgstr ""': 'msgid "Big room"\nmsgstr "Tilannekuvahuone"',
    'msgid "In a variable"\nmsgstr ""': 'msgid "In a variable"\nmsgstr "Muuttujassa"',
    'msgid "Hello %(name)s"\nmsgstr ""': 'msgid "Hello %(name)s"\nmsgstr "Hei %(name)s"',
    'msgctxt "money"\nmsgid "saving"\nmsgstr ""': 'msgctxt "money"\nmsgid "saving"\nmsgstr "säästö"',
    'msgctxt "verb"\nmsgid "saving"\nmsgstr ""': 'msgctxt "verb"\nmsgid "saving"\nmsgstr "tallennetaan"',
    'msgid_plural "%(count)s measures"\nmsgstr[0] ""\nmsgstr[1] ""': (
        'msgid_plural "%(count)s measures"\nmsgstr[0] "%(count)s toimenpide"\nmsgstr[1] "%(count)s toimenpidettä"'
    ),
    'msgid_plural "%(counter)s rows"\nmsgstr[0] ""\nmsgstr[1] ""': (
        'msgid_plural "%(counter)s rows"\nmsgstr[0] "Yksi rivi"\nmsgstr[1] "%(counter)s riviä"'
    ),
}


def test_texts_of_code_and_templates_are_found_and_those_of_tests_are_not(tree):
    assert messages.extract_into(tree / "locale", "fi", tree) == 8
    text = catalogue(tree).read_text(encoding="utf-8")
    for found in ("Measures", "Big room", "One row", "%(counter)s rows", "In a variable", "Hello %(name)s"):
        assert f'"{found}"' in text
    assert 'msgctxt "money"' in text and 'msgctxt "verb"' in text
    assert "only in tests" not in text and "not a text" not in text


def test_the_file_has_no_places_and_changes_only_with_the_texts(tree):
    messages.extract_into(tree / "locale", "fi", tree)
    first = catalogue(tree).read_bytes()
    assert str(tree).encode() not in first and b"#:" not in first and b"Date" not in first
    (tree / "app" / "views.py").write_text(
        "\n\n\n" + (tree / "app" / "views.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    messages.extract_into(tree / "locale", "fi", tree)
    assert catalogue(tree).read_bytes() == first


def test_translations_are_kept_and_dropped_with_their_text(tree):
    messages.extract_into(tree / "locale", "fi", tree)
    translate(tree, ALL_FINNISH)
    (tree / "templates" / "page.html").write_text("{% load i18n %}{% translate 'New' %}", encoding="utf-8")
    messages.extract_into(tree / "locale", "fi", tree)
    text = catalogue(tree).read_text(encoding="utf-8")
    assert "Toimenpiteet" in text and "säästö" in text
    assert "Tilannekuvahuone" not in text
    assert messages.check(tree / "locale", "fi", tree) == ["fi: 'New' has no translation"]


def test_check_names_each_text_without_translation(tree):
    problems = messages.check(tree / "locale", "sv", tree)
    assert "sv: 'Big room' has no translation" in problems
    assert "sv: 'saving' (money) has no translation" in problems
    assert len(problems) == 8


def test_check_passes_a_full_catalogue_and_compiled_texts_are_read(tree):
    messages.extract_into(tree / "locale", "fi", tree)
    translate(tree, ALL_FINNISH)
    assert messages.check(tree / "locale", "fi", tree) == []
    messages.compile_all(tree / "locale")
    read = gettext.translation("django", tree / "locale", ["fi"])
    assert read.gettext("Measures") == "Toimenpiteet"
    assert read.ngettext("%(count)s measure", "%(count)s measures", 1) == "%(count)s toimenpide"
    assert read.ngettext("%(count)s measure", "%(count)s measures", 5) == "%(count)s toimenpidettä"
    assert read.pgettext("money", "saving") == "säästö"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"Hei %(name)s"', '"Hei %(nimi)s"', "lacks %(name)s"),
        ('"Hei %(name)s"', '"Hei %(name)s %(x)s"', "has an unknown %(x)s"),
        ('"%(count)s toimenpidettä"', '"%(counts)s toimenpidettä"', "has an unknown %(counts)s"),
    ],
)
def test_check_refuses_lost_and_invented_placeholders(tree, old, new, problem):
    messages.extract_into(tree / "locale", "fi", tree)
    translate(tree, {**ALL_FINNISH})
    translate(tree, {old: new})
    assert any(line.endswith(problem) for line in messages.check(tree / "locale", "fi", tree))


def test_check_refuses_fuzzy_texts(tree):
    messages.extract_into(tree / "locale", "fi", tree)
    translate(tree, ALL_FINNISH)
    translate(tree, {'msgid "Measures"': '#, fuzzy\nmsgid "Measures"'})
    assert messages.check(tree / "locale", "fi", tree) == ["fi: 'Measures' is fuzzy"]
