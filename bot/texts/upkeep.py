"""What admins are told about the house's own stores: what is damaged there, and what is to be done."""

from bot.texts import Said

ALARMS: dict[str, Said] = {
    "damaged picture": {
        "vi": "🩹 Trong kho ảnh, {job} không còn đúng như lúc lưu (đĩa hỏng hoặc có ai sửa), nên mình không đưa cho ai xem. Số ảnh vừa "
        "thấy hỏng: {used}. Ảnh chưa gửi được thì credit tự trả lại. Xem hết: imagify audit. Có bản sao lưu thì chép "
        "file đó về.",
        "en": "🩹 {job} in the store of pictures is not what was kept (a failing disk, or somebody's hand), so it is shown to nobody. "
        "Pictures just found damaged: {used}. Credits of one that could no longer be sent go back by themselves. See them all: imagify audit. "
        "Where there is a backup, copy that file back.",
    },
}
