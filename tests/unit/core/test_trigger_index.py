"""The kept index of triggers says what the library's own registry would work out."""

from pgtrigger import registry

from core.apps import TriggerIndex


def test_the_index_agrees_with_the_library() -> None:
    kept = registry._registry
    library = registry._Registry

    assert isinstance(kept, TriggerIndex)
    assert len(kept) > 500
    assert kept.by_db_table == library.by_db_table.fget(kept)  # type: ignore[attr-defined]
    assert kept.pg_function_names == library.pg_function_names.fget(kept)  # type: ignore[attr-defined]


def test_what_is_taken_out_is_gone_from_the_index() -> None:
    from measures.models import Measure

    kept = registry._registry
    key = next(key for key in kept if key.startswith("measures.Measure:"))
    model, trigger = kept[key]
    assert model is Measure
    of_model = list(Measure._meta.triggers)  # type: ignore[attr-defined]

    del kept[key]
    try:
        assert trigger.get_pgid(model) not in kept.pg_function_names
        assert (model._meta.db_table, trigger.name) not in kept.by_db_table
    finally:
        Measure._meta.triggers = of_model  # type: ignore[attr-defined]
        kept[key] = (model, trigger)
    assert kept.by_db_table[model._meta.db_table, trigger.name] is trigger
