"""Groups hold together; chains don't make one."""

from tobkit.dedupe.groups import LARGEST, groups_of


def groups(scores, cohesion=0.5, alike=()):
    pairs = sorted(
        (ends for ends, score in scores.items() if score >= cohesion), key=lambda ends: (-scores[ends], ends)
    )
    return groups_of(pairs, set(alike), scores, cohesion)


def test_a_triangle_is_a_group():
    assert groups({(1, 2): 0.9, (2, 3): 0.8, (1, 3): 0.7}) == [(1, 2, 3)]


def test_a_chain_is_cut_at_its_weakest_link():
    chain = {(number, number + 1): 0.9 if number % 2 else 0.6 for number in range(1, 8)}
    assert groups(chain) == [(1, 2), (3, 4), (5, 6), (7, 8)]


def test_an_entry_like_one_member_only_stays_out():
    assert groups({(1, 2): 0.9, (2, 3): 0.6, (1, 3): 0.1}) == [(1, 2)]


def test_scores_below_the_threshold_count_in_the_mean():
    assert groups({(1, 2): 0.9, (2, 3): 0.7, (1, 3): 0.4}) == [(1, 2, 3)]


def test_one_unlike_member_keeps_groups_apart():
    assert groups({(1, 2): 0.9, (2, 3): 0.9, (1, 3): 0.24}) == [(1, 2)]
    assert groups({(1, 2): 0.9, (2, 3): 0.9, (1, 3): 0.25}) == [(1, 2, 3)]


def test_no_group_is_larger_than_the_cap():
    everyone = {(a, b): 0.9 for a in range(30) for b in range(a + 1, 30)}
    assert max(map(len, groups(everyone))) <= LARGEST


def test_entries_with_the_same_words_are_one_however_many():
    star = {(0, number): 1.0 for number in range(1, 100)}
    assert groups(star, alike=star) == [tuple(range(100))]


def test_nothing_gives_nothing():
    assert groups({}) == []
    assert groups({(1, 2): 0.1}) == []
