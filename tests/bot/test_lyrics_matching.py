import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lyrics.matching import accepted, first_artist, match
from bot.lyrics.records import Candidate, LyricsQuery
from bot.lyrics.titles import key, plain_title


def offer(artist: str, title: str) -> Candidate:
    return Candidate(artist=artist, title=title, source="Test", url="https://x.test", key="1")


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (("Johnny Cash", "Hurt"), ("Johnny Cash", "Hurt")),
        (("johnny cash", "HURT"), ("Johnny Cash", "Hurt - Remastered 2009")),
        (("Jonny Cash", "Ring of Fier"), ("Johnny Cash", "Ring of Fire")),
        (("Bjork", "Joga"), ("Björk", "Jóga")),
        (("ACDC", "Its a Long Way to the Top"), ("AC/DC", "It's a Long Way to the Top")),
        (("Pink", "So What"), ("P!nk", "So What")),
        (("Beatles", "Help"), ("The Beatles", "Help! (Remastered 2015)")),
        (("Blink-182", "Adam's Song"), ("blink 182", "Adam’s Song")),
        (("Simon and Garfunkel", "America"), ("Simon & Garfunkel", "America")),
        (("Nick Cave", "Into My Arms"), ("Nick Cave & The Bad Seeds", "Into My Arms")),
        (("Rihanna", "Umbrella"), ("Rihanna (Ft. JAY-Z)", "Umbrella")),
        (("JAY-Z", "Umbrella"), ("Rihanna (Ft. JAY-Z)", "Umbrella")),
        (("Rihanna feat. Jay-Z", "Umbrella"), ("Rihanna", "Umbrella (feat. Jay-Z)")),
        (("The Rolling Stones", "Satisfaction"),
         ("The Rolling Stones", "(I Can't Get No) Satisfaction")),
        (("Nirvana", "About a Girl"), ("Nirvana", "About a Girl (Live)")),
        (("Кино", "Группа крови"), ("Кино", "Группа крови")),
        (("!!!", "Slyd"), ("!!!", "Slyd")),
    ],
)  # fmt: skip
def test_the_song_asked_for_is_accepted(asked, offered):
    assert match(LyricsQuery(*asked), offer(*offered)).accepted


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (("Johnny Cash", "Hurt"), ("Nine Inch Nails", "Hurt")),
        (("Johnny Cash", "Hurt"), ("Johnny Cash", "Hurt (Nova Remix)")),
        (("Johnny Cash", "Hurt"), ("Johnny Cash", "Hurt (Karaoke Version)")),
        (("Johnny Cash", "Hurt"), ("Johnny Cash", "Hurt (Türkçe Çeviri)")),
        (("Johnny Cash", "Hurt"), ("Johnny Cash Tribute Band", "Hurt")),
        (("Johnny Cash", "Hurt"), ("Genius Türkçe Çeviriler", "Johnny Cash - Hurt")),
        (("Johnny Cash", "Hurt"), ("Johnny Cash", "Hunt")),
        (("Johnny Cash", "Hurt"), ("Johnny Cash", "Hurts So Good")),
        (("Billie Eilish", "Bad Guy"), ("Billy Childish", "Bad Guy")),
        (("Nick Cave & Warren Ellis", "Song"), ("Nick Cave & The Bad Seeds", "Song")),
        (("Ada", "Symphony No. 5"), ("Ada", "Symphony No. 6")),
        (("Ada", "Shadowplay Part II"), ("Ada", "Shadowplay Part III")),
        (("Ada", "Anthem"), ("Ada", "Anthem (Instrumental)")),
        (("Ada", "Anthem (Remix)"), ("Ada", "Anthem")),
    ],
)
def test_another_song_is_refused(asked, offered):
    assert not match(LyricsQuery(*asked), offer(*offered)).accepted


def test_the_studio_version_comes_before_the_live_one_and_the_typo():
    query = LyricsQuery("Nirvana", "About a Girl")
    live = offer("Nirvana", "About a Girl (Live)")
    typo = offer("Nirvana", "Abouta Gril")
    studio = offer("Nirvana", "About a Girl")
    cover = offer("Cibo Matto", "About a Girl")
    best, *rest = accepted(query, [live, cover, typo, studio])
    assert best == studio
    assert cover not in rest
    assert set(rest) == {live, typo}


def test_the_live_version_comes_first_for_who_asks_for_it():
    live, studio = offer("Nirvana", "Polly (Live)"), offer("Nirvana", "Polly")
    assert accepted(LyricsQuery("Nirvana", "Polly - Live"), [studio, live]) == [live, studio]


def test_a_second_try_drops_only_what_says_nothing_about_the_words():
    assert plain_title("Umbrella (feat. Jay-Z) - 2008 Remaster") == "Umbrella"
    assert plain_title("(I Can't Get No) Satisfaction [Mono]") == "Satisfaction I Can't Get No"
    assert plain_title("Hurt (Nova Remix)") == "Hurt Nova Remix"
    assert plain_title("(Live)") == "(Live)"


def test_the_first_of_several_artists_is_told_apart():
    assert first_artist("Rihanna feat. Jay-Z") == "Rihanna"
    assert first_artist("AC/DC") == "AC/DC"
    assert first_artist("&") == "&"


def test_a_name_of_signs_keeps_a_key():
    assert key("!!!") == "!!!"
    assert key("Sigur Rós") == "sigur ros"


texts = st.text(max_size=60) | st.sampled_from(["(", "feat.", " - ", "【】", "x", "((()", "\ud800"])


@given(texts, texts, texts, texts)
def test_no_text_breaks_the_matching(artist, title, other_artist, other_title):
    verdict = match(LyricsQuery(artist, title), offer(other_artist, other_title))
    assert 0 <= verdict.score <= 100
    assert isinstance(plain_title(title), str)
    assert isinstance(first_artist(artist), str)


@given(texts, texts)
def test_a_song_always_matches_itself(artist, title):
    verdict = match(LyricsQuery(artist, title), offer(artist, title))
    assert verdict.accepted
    assert verdict.score == 100
