"""The command that makes the first live contact a check, here against the loopback server."""

from typing import Any

import pytest
from django.core.management import call_command

from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_source_link
from tests.sotkanet import FAULTS, sotkanet_server

pytestmark = pytest.mark.django_db


def test_what_differs_is_told_line_by_line(settings: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr("config.limits.SOTKANET_PAUSE", 0)
    settings.SOTKANET_CONTACT = "tuki@example.fi"
    indicator = make_indicator(make_programme("kymenlaakso"), name_fi="Kuolemat")
    make_source_link(indicator, key="a", sotkanet_id=186)
    make_source_link(indicator, key="b", sotkanet_id=5387)
    with sotkanet_server() as server:
        settings.SOTKANET_BASE_URL = server.url
        renumbered = next(row for row in server.data.regions if row["id"] == 967)
        renumbered["id"] = 1967
        server.data.rows[1080][0]["value"] = 1
        with pytest.raises(SystemExit):
            call_command("check_sotkanet")
        assert all(request.headers["user-agent"] for request in server.requests)
    lines = capsys.readouterr().out.splitlines()
    told = {" ".join(line.split()) for line in lines}
    assert any(line.startswith("differs region HYVINVOINTIALUE:10") and "1967" in line for line in told)
    assert any(line.startswith("fine region HYVINVOINTIALUE:11") for line in told)
    assert any(line.startswith("differs recorded values") and "is now 1" in line for line in told)
    assert any(
        "Kuolleisuus / 100 000 asukasta | Tilastokeskus | PER100000 | 1990-2024" in line for line in told
    )
    assert any(line.startswith("failed indicator 5387") and "(404)" in line for line in told)
    assert any(line.startswith("fine CSV") for line in told)


def test_a_service_that_does_not_answer_ends_the_check(settings: Any, capsys: Any) -> None:
    with sotkanet_server(FAULTS["refused"]) as server:
        settings.SOTKANET_BASE_URL = server.url
        with pytest.raises(SystemExit):
            call_command("check_sotkanet")
    assert "took no connection" in capsys.readouterr().out.splitlines()[-1]
