"""Seasons of asking, played to find out whom suggestions would crowd; see `congestion`."""

import numpy as np

from services.matcher.assignment.jit import compiled
from services.matcher.assignment.problem import Bool, Float64, Int32, Int64


@compiled
def draw_lists(near: Int64, score: Float64, price: Float64, institution: Int32, most: int, length: int) -> Int64:
    """Each row's list: the best of its `near` mentors by score less price, at most `most` from one institution.

    near int64[rows, k] (-1: none), score float64[rows, k]; int64[rows, length], -1 after the end of a list.
    """
    lists = np.full((len(near), length), -1, np.int64)
    taken = np.empty(near.shape[1], np.bool_)
    for row in range(len(near)):
        taken[:] = False
        for place in range(length):
            best, at = -np.inf, -1
            for k in range(near.shape[1]):
                mentor = near[row, k]
                if mentor < 0 or taken[k] or not score[row, k] - price[mentor] > best:
                    continue
                if institution[mentor] < 0 or same_place(lists[row, :place], institution, institution[mentor]) < most:
                    best, at = score[row, k] - price[mentor], k
            if at < 0:
                break
            taken[at] = True
            lists[row, place] = near[row, at]
    return lists


@compiled
def same_place(mentors: Int64, institution: Int32, place: int) -> int:
    count = 0
    for mentor in mentors:
        count += institution[mentor] == place
    return count


@compiled
def play_season(  # a compiled loop has no keyword-only parameters
    lists: Int64, order: Int64, room: Int64, asked: Int64, served: Bool, hide_full: bool  # noqa: FBT001
) -> None:
    """In rounds, everybody not yet served asks the next of their list, in this order of rows; mentors accept while
    they have room.

    With `hide_full` nobody asks a mentor who had no room when the round began: such mentors are no longer shown.
    Takes from `room`, adds to `asked` (both int64[mentors]) and notes who is `served` (bool[rows]).
    """
    rows, length = lists.shape
    place = np.zeros(rows, np.int64)
    for _ in range(length):
        open_at_first = room > 0
        for row in order:
            if served[row]:
                continue
            while place[row] < length and hide_full and lists[row, place[row]] >= 0:
                if open_at_first[lists[row, place[row]]]:
                    break
                place[row] += 1
            if place[row] == length or lists[row, place[row]] < 0:
                continue
            mentor = lists[row, place[row]]
            place[row] += 1
            asked[mentor] += 1
            if room[mentor] > 0:
                room[mentor] -= 1
                served[row] = True


def most_requests(lists: Int64, orders: list[Int64], capacity: Int64) -> Float64:
    """Requests per slot of each mentor in the worst of some seasons as on the platform, float64[mentors]."""
    worst = np.zeros(len(capacity))
    for order in orders:
        asked, served = np.zeros(len(capacity), np.int64), np.zeros(len(lists), np.bool_)
        play_season(lists, order, capacity.copy(), asked, served, True)
        worst = np.maximum(worst, asked / np.maximum(capacity, 1))
    return worst
