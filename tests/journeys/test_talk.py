"""Talk on a telephone, over real sockets: thanks, a menu, once more, and words that lean on a picture cost nothing."""

from pathlib import Path

from tests.journeys import phone, zalo_phone
from tests.journeys.phone import buttons


async def test_talk_at_telegram_is_answered_and_charged_to_nobody(tmp_path: Path) -> None:
    async with phone.street(tmp_path / "home", "poll") as road, road.house():
        an = road.meets(101)
        await an.arrives()
        picture = await an.is_shown(await an.says("một con mèo --seed 7"))

        await an.says("cảm ơn bạn")
        thanked = await an.sees("🤗 Không có gì", after=picture)
        await an.says("menu")
        menu = await an.sees("/gallery", after=thanked)
        await an.says("con đó nhưng màu xanh")
        leaning = await an.sees("Ở đây mình chưa sửa được ảnh đã vẽ", "một con mèo, màu xanh", after=menu)
        assert buttons(leaning)[:2] == ["🎨 Vẽ · 1 credit (còn 5)", "Không vẽ"]
        await an.presses("Không vẽ", leaning)
        no = await an.sees("👌 Mình không vẽ", after=leaning)
        await an.says("làm lại")
        again = await an.sees("🔄 Vẽ thêm từ lời của ảnh mới nhất?", after=no)
        assert await road.credits(an) == (6, 0)

        await an.presses("🎨 Vẽ", again)
        await an.sees("✅ Xong", after=again)
        assert await road.credits(an) == (5, 0)
        await an.says("vẽ 4 ảnh con rồng")
        await an.sees("✅ 4 ảnh")
        assert await road.credits(an) == (1, 0)


async def test_talk_at_zalo_leaves_numbers_and_letters_what_they_are(tmp_path: Path) -> None:
    async with zalo_phone.street(tmp_path / "home", "webhook", "observed") as road, road.house(gift=10):
        an = road.meets()
        await an.arrives()
        await an.says("vẽ 4 ảnh con rồng")
        four = await an.is_shown("✅ 4 ảnh", "U1 | U2 | U3 | U4")
        await an.says("cam on ban")
        thanked = await an.sees("🤗 Không có gì", after=four)
        await an.answers("u2")
        picked = await an.sees("🖼️ “con rồng”", after=thanked)
        await an.says("con do nhung mau xanh")
        leaning = await an.sees("Ở đây mình chưa sửa được", "2. Không vẽ", after=picked)
        await an.answers("2")
        no = await an.sees("👌 Mình không vẽ", after=leaning)
        await an.says("bang gia")
        await an.sees("🏷️ Bảng giá", after=no)
        assert await road.credits(an) == (6, 0)
