"""Twenty fixed prompts on one sheet, to be looked at: python -m tests.bench.contact_sheet sheet.jpg [seed]"""

import io
import sys
import time

from PIL import Image

from core.prompts import read
from infra.embedded.painter import painted

TWENTY = (
    "mèo mướp đội nón lá, tranh lụa",
    "a red car in the city at night",
    "thuyền trên vịnh Hạ Long lúc hoàng hôn",
    "cô gái áo dài xanh và hoa sen --style watercolor",
    "rồng vàng bay trên núi, mực tàu",
    "ruộng bậc thang Sa Pa buổi sáng",
    "three black cats under the moon",
    "phố cổ Hội An, đèn lồng đỏ ban đêm",
    "robot cầm hoa, pixel art",
    "phi hành gia và hành tinh trong vũ trụ",
    "gà trống và lợn, tranh Đông Hồ",
    "a cup of coffee by the window, rain",
    "hoa đào ngày Tết, áp phích",
    "gấu trúc trong rừng tre, sơn dầu",
    "cyberpunk city, neon lights --style neon-punk",
    "cá vàng và san hô dưới biển",
    "a castle and a rainbow, anime",
    "xe máy chở hoa trên phố, tranh nét",
    "🐘🎈🌈",
    "nỗi nhớ không tên",
)
ACROSS, TILE = 5, 400  # pictures in a row, pixels


def main(path: str, seed: int = 1) -> None:
    sheet = Image.new("RGB", (ACROSS * TILE, -(-len(TWENTY) // ACROSS) * TILE), "white")
    for place, words in enumerate(TWENTY):
        begun = time.process_time()
        data, _ = painted(read(words), seed)
        sys.stdout.write(f"{time.process_time() - begun:5.2f} s {len(data) // 1000:4} KB  {words}\n")
        with Image.open(io.BytesIO(data)) as picture:
            sheet.paste(thumbnail(picture), (place % ACROSS * TILE, place // ACROSS * TILE))
    sheet.save(path)


def thumbnail(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").resize((TILE - 8, TILE - 8), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
