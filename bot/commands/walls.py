"""The gallery, leaf by leaf: all pictures, the favourites alone, or those whose words are searched for."""

from bot import telling
from bot.asking import COMMANDS, Ask, Command, Rest, action, command
from bot.replies import Choice, Reply
from bot.texts import images as texts
from core.gallery import Fits, Image
from core.letters import bare, clean

ON_A_LEAF = 12
LONGEST_SEARCH = 16  # letters, so that the search fits into the button of the next leaf
STARS, FIRST = "*", "-"
STARRED = frozenset({STARS, "yeu thich", "yeuthich", "favourites", "favorites", "favourite"})


@command(
    "gallery", "thu vien", "thư viện", menu=True, private=True, does=texts.DOES["gallery"], usage=texts.GALLERY_USAGE
)
async def gallery(ask: Ask, words: Rest = "") -> Reply:
    """The newest of those that are asked for."""
    return await leaf(ask, searched(words))


@command("favourites", "yeu thich", "yêu thích", "favorites", private=True, does=texts.DOES["favourites"])
async def favourites(ask: Ask) -> Reply:
    return await leaf(ask, STARS)


@action("leaf", private=True)
async def older(ask: Ask, where: Rest) -> Reply:
    """What comes behind the picture that is named, of the same search."""
    before, _, search = where.partition(" ")
    return await leaf(ask, searched(search), "" if before == FIRST else before.upper())


def spoken(text: str) -> tuple[Command, str] | None:
    """The words of `tìm ảnh mèo` or `find pictures cat`."""
    said = bare(clean(text)).lower()
    for begun in ("tim anh ", "find pictures ", "find picture "):
        if said.startswith(begun):
            return COMMANDS["gallery"], said.removeprefix(begun)
    return None


def searched(words: str) -> str:
    """As it is looked for: without accents and as long as a button holds; its last word may be cut."""
    search = bare(clean(words)).lower()
    return STARS if search in STARRED else search[:LONGEST_SEARCH].strip()


def fitting(search: str) -> Fits:
    """Every word that is searched for begins a word of the picture's."""
    if search == STARS:
        return lambda image: image.favourite

    def fits(image: Image) -> bool:
        said = bare(image.prompt_.words).lower().split()
        return all(any(one.startswith(word) for one in said) for word in search.split())

    return fits


async def leaf(ask: Ask, search: str, before: str = "") -> Reply:
    """So many of them, seen from here on, with the ways to the rest."""
    shelf = ask.desk.studio.gallery
    found = await shelf.leaf(ask.person.ids, fitting(search), before, ON_A_LEAF + 1)
    page, more = found[:ON_A_LEAF], len(found) > ON_A_LEAF
    if not page:
        return nothing(ask, search, before)
    for image in page:
        await shelf.view(image.person, image.id)
    wall = tuple(telling.hung(image, ask.person.language) for image in page)
    title = texts.FAVOURITES if search == STARS else texts.FOUND if search else texts.GALLERY
    return Reply(
        ask.say(title, count=len(page), search=search),
        ways(ask, search, before, page[-1].id if more else ""),
        wall=wall,
    )


def nothing(ask: Ask, search: str, before: str) -> Reply:
    if not search and not before:
        return Reply(ask.say(texts.GALLERY_EMPTY))
    said = texts.NO_FAVOURITES if search == STARS else texts.NOT_FOUND
    return Reply(ask.say(said, search=search), ways(ask, search, before))


def ways(ask: Ask, search: str, before: str, last: str = "") -> tuple[Choice, ...]:
    """On to older ones, back to the newest, and to the favourites or to all."""
    on = [Choice(ask.say(texts.OLDER), action=f"leaf:{last}:{search}")] if last else []
    back = [Choice(ask.say(texts.NEWEST), action=f"leaf:{FIRST}:{search}")] if before else []
    other = Choice(ask.say(texts.ALL), action=f"leaf:{FIRST}") if search else favourites_button(ask)
    return (*on, *back, other)


def favourites_button(ask: Ask) -> Choice:
    return Choice(ask.say(texts.ONLY_FAVOURITES), action=f"leaf:{FIRST}:{STARS}")
