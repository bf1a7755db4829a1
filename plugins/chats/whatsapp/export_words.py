"""Words of WhatsApp's chat exports in the languages of the phones that made them.

Strings are those that two public parsers' tables and the format reference agree on; a language that is not here still parses,
its markers then stay text. Compared case-folded, with direction marks taken out.
"""

OMITTED = {
    "media omitted", "image omitted", "video omitted", "audio omitted", "sticker omitted", "gif omitted",
    "document omitted", "contact card omitted",
    "медији су изостављени", "medijski zapis izostavljen", "без фајлови", "без фајл", "media u hoq", "media hequr",
    "datoteke izpuščene", "medij izpuščen", "без файл", "αρχείο παραλήφθηκε", "εξαίρεση πολυμέσων",
    "medya dahil edilmedi", "medya atlanmış", "تم استبعاد الوسائط", "رسانه حذف شد", "پيوست نما/آهنگ حذف شد",
    "میڈیا چھوڑ دیا گیا", "میڈیا ہٹا دیا گیا", "medien ausgeschlossen", "medien weggelassen", "media omessi",
    "media omesso", "média elhagyva", "hiányzó médiafájl", "conținut media omis", "médias omis",
    "multimedia omitido", "без медиафайлов", "файл пропущен",
}  # fmt: skip
OMITTED_KIND = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "sticker": "sticker",
    "gif": "gif",
    "document": "document",
}
DELETED = {
    "this message was deleted", "you deleted this message", "diese nachricht wurde gelöscht", "bu mesaj silindi",
    "bu mesajı sildiniz",
}  # fmt: skip
EDITED = ("<this message was edited>", "<diese nachricht wurde bearbeitet>", "<diese nachricht wurde bearbeitet.>")
CHAT_WITH = (
    "whatsapp chat with ", "whatsapp chat - ", "whatsapp chat mit ", "chat whatsapp con ", "chat de whatsapp con ",
)  # fmt: skip

# Parts of the day, as they stand behind or before a 12-hour time, without dots and spaces.
MORNING = {"am", "ص", "قظ", "öö", "prp", "прп", "paradites", "eparadites", "pd", "vorm", "morgens", "πμ"}
EVENING = {"pm", "م", "بظ", "ös", "pop", "поп", "pasdites", "epasdites", "md", "nachm", "abends", "nachmittags", "μμ"}
