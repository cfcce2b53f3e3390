"""Many at once: eight who write and fifty who read, and eight who save forms that others have overtaken."""

import json
from pathlib import Path

from tests import environment
from tests.environment import REGISTER, TABLES
from tests.faults.doing import Figure, often, python, require_whole


def test_eight_writers_and_fifty_readers_wait_for_each_other_and_none_is_turned_away(
    tmp_path: Path, figure: Figure
) -> None:
    writes = often(40, 1_500)
    with environment.own_database(tmp_path, "register_contending", REGISTER) as database:
        settings = environment.portal(tmp_path, DATABASE_URL=database)
        said = python(settings, f"from tests.faults.contending import contend; contend(8, {writes}, 5, 10)")
        found = json.loads(said.splitlines()[-1])
        figure(
            f"{found['committed']} of {8 * writes} writes committed (median, p99, longest: {found['write']} ms), "
            f"{len(found['failed'])} failed, {found['reads']} reads ({found['read']} ms), {len(found['read_failed'])} "
            f"failed, {found['lost'][0]} lost"
        )
        assert found["failed"] == found["read_failed"] == []
        assert found["committed"] == 8 * writes and found["lost"] == [0, 0] and found["reads"] > 0
        require_whole(settings)


def test_of_eight_who_save_what_others_have_overtaken_seven_are_told_and_nothing_is_overwritten(
    tmp_path: Path, figure: Figure
) -> None:
    rounds = often(25, 200)
    with environment.own_database(tmp_path, "register_overtaken", TABLES) as database:
        settings = environment.portal(tmp_path, DATABASE_URL=database)
        said = python(settings, f"from tests.admin.racing import race; race(8, {rounds})")
        accepted, told, lost = map(int, said.split())
        figure(f"{8 * rounds} forms sent, {accepted} accepted, {told} conflicts told, {lost} silently overwritten")
        assert (accepted, told, lost) == (rounds, 7 * rounds, 0)
        require_whole(settings)
