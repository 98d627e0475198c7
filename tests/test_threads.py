"""Work in threads: results come in order, and are the same with one thread."""

from __future__ import annotations

import threading

import pytest

from friction.threads import mapped, meanwhile


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    assert list(mapped(lambda item: item * item, range(7), workers)) == [n * n for n in range(7)]


@pytest.mark.parametrize("workers", [1, 2])
def test_work_done_meanwhile_gives_its_result_as_often_as_it_is_asked(workers: int) -> None:
    done: list[int] = []

    def work() -> int:
        done.append(1)
        return 10

    with meanwhile(workers) as side:
        first, second = side.start(work), side.start(lambda: 20)
        assert (second(), first(), first()) == (20, 10, 10)
    assert done == [1]


def test_a_second_thread_works_while_the_main_one_does() -> None:
    with meanwhile(2) as side:
        begun = threading.Event()
        side.start(begun.set)
        assert begun.wait(10)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_went_wrong_meanwhile_is_raised_where_the_result_is_asked_for(workers: int) -> None:
    def wrong() -> None:
        raise ValueError("wrong")

    with meanwhile(workers) as side:
        result = side.start(wrong)
        with pytest.raises(ValueError, match="wrong"):
            result()


def test_what_has_not_begun_when_the_main_work_fails_is_not_done() -> None:
    done: list[int] = []
    release = threading.Event()

    def failing() -> None:
        with meanwhile(2) as side:
            side.start(release.wait)
            side.start(lambda: done.append(1))
            threading.Timer(0.05, release.set).start()
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert done == []
