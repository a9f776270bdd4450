"""Rules of the strategy that the database keeps."""

import pgtrigger


def starts_with_key_results() -> pgtrigger.Trigger:
    """An objective leaves its draft only when it has a key result to be judged by."""
    func = """
        IF NEW.state IN ('started', 'closed')
           AND NOT EXISTS (SELECT 1 FROM strategy_keyresult WHERE objective_id = NEW.id) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'strategy_objective_key_results',
                MESSAGE = 'an objective without a key result cannot be started';
        END IF;
        RETURN NEW;
    """
    return pgtrigger.Trigger(
        name="starts_with_key_results", level=pgtrigger.Row, when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update, func=func,
    )  # fmt: skip
