"""Both telephones on one page: each in a frame that only this machine may put around it."""

from aiohttp import ClientSession

from infra.sandbox.phones import open_phones
from infra.sandbox.telegram import Bot, open_telegram
from infra.sandbox.zalo import Bot as ZaloBot
from infra.sandbox.zalo import open_zalo


async def test_two_telephones_stand_side_by_side() -> None:
    async with (
        open_telegram([Bot("1234567890:" + "a" * 35)]) as telegram,
        open_zalo([ZaloBot("1234567890:" + "b" * 35)]) as zalo,
        open_phones({"Telegram": telegram.phone_url, "Zalo": zalo.phone_url}) as url,
        ClientSession() as browser,
    ):
        async with browser.get(url) as page:
            html, policy = await page.text(), page.headers["Content-Security-Policy"]
        framed = []
        for phone in (telegram.phone_url, zalo.phone_url):
            assert f'src="{phone}"' in html
            assert phone.rstrip("/") in policy.partition("frame-src")[2]
            async with browser.get(phone) as answer:
                framed.append(answer.headers["Content-Security-Policy"])

    assert all("frame-ancestors http://127.0.0.1:*" in said for said in framed)


async def test_a_name_cannot_break_out_of_the_page() -> None:
    async with (
        open_phones({'"><script>': "http://127.0.0.1:1/"}) as url,
        ClientSession() as browser,
        browser.get(url) as page,
    ):
        assert "<script>" not in await page.text()
