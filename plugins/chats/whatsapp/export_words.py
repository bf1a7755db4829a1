"""Words that WhatsApp writes into chat exports, in the languages of the phones that made them.

A phrase is here only where a public source shows it: tables that others took from the app's own translations
(starkdmi/whats_json; `LanguageTags` of a mail converter for chat exports), public parsers' tables (mlomb/chat-analytics) and
samples in their tests. Names of files and half-days of the clock: the same tables, and Unicode CLDR. The sources show no
Bosnian and no Montenegrin words, no Serbian ones in Latin script, and few in Albanian. A phrase that is not here stays text.

Compared without direction marks, case-folded, without the full stop at the end.
"""

from __future__ import annotations

from typing import NamedTuple

Phrases = tuple[str, ...]


class Words(NamedTuple):
    """One language. `attached`: behind a file's name (Android), or before it (iOS). `own`: deleted by the phone's user."""

    chat: Phrases = ()  # {} stands for the name of the chat
    attached: Phrases = ()
    omitted: Phrases = ()
    image: Phrases = ()
    video: Phrases = ()
    audio: Phrases = ()
    sticker: Phrases = ()
    gif: Phrases = ()
    contact: Phrases = ()
    document: Phrases = ()
    deleted: Phrases = ()
    own: Phrases = ()
    edited: Phrases = ()
    missed_voice: Phrases = ()
    missed_video: Phrases = ()
    live_location: Phrases = ()
    encrypted: Phrases = ()  # how the notice starts
    group_encrypted: Phrases = ()  # how it starts where it speaks of a group


LANGUAGES = {
    "en": Words(
        chat=("WhatsApp Chat with {}", "WhatsApp Chat - {}"),
        attached=("file attached", "attached"),
        omitted=("media omitted",),
        image=("image omitted",),
        video=("video omitted", "video note omitted"),
        audio=("audio omitted",),
        sticker=("sticker omitted",),
        gif=("gif omitted",),
        contact=("contact card omitted", "vcard omitted"),
        document=("document omitted",),
        deleted=("this message was deleted", "this message was deleted by an admin"),
        own=("you deleted this message", "you deleted this message as admin"),
        edited=("this message was edited",),
        missed_voice=("missed voice call",),
        missed_video=("missed video call",),
        live_location=("live location shared",),
        encrypted=("messages and calls are end-to-end encrypted", "messages to this chat and calls are now secured"),
        group_encrypted=(
            "messages to this group are secured", "messages to this group are now secured",
            "messages you send to this group are now secured",
        ),
    ),
    "sr": Words(
        chat=("WhatsApp Ћаскање са {}",),
        attached=("прикачена датотека",),
        omitted=("медији су изостављени",),
        deleted=("ова порука је обрисана",),
        own=("обрисао/ла си ову поруку",),
        missed_voice=("пропуштен гласовни позив",),
        missed_video=("пропуштен видео позив",),
        live_location=("локација уживо подељена",),
        encrypted=("твоје поруке и позиви су обезбеђене са шифровањем",),
        group_encrypted=("поруке ка овој групи су сада обезбеђене",),
    ),
    "hr": Words(
        chat=("WhatsApp razgovor s {}",),
        attached=("datoteka u privitku", "priloženo"),
        omitted=("medijski zapis izostavljen",),
        image=("slika izostavljena",),
        video=("video izostavljen",),
        audio=("zvuk izostavljen",),
        sticker=("naljepnica izostavljena",),
        gif=("gif izostavljen",),
        contact=("posjetnica izostavljena",),
        document=("dokument izostavljen",),
        deleted=("ova je poruka izbrisana", "ova poruka je izbrisana"),
        own=("izbrisali ste ovu poruku",),
        missed_voice=("propušteni glasovni poziv", "propušten glasovni poziv"),
        missed_video=("propušteni videopoziv", "propušten video poziv"),
        live_location=("trenutna lokacija podijeljena",),
        encrypted=("poruke i pozivi zaštićeni su potpunom enkripcijom", "vaši pozivi i poruke koje pošaljete šifrirane su"),
        group_encrypted=("poruke poslane na ovu grupu",),
    ),
    "mk": Words(
        chat=("WhatsApp разговор со {}",),
        attached=("прикачен фајл",),
        omitted=("без фајлови", "без фајл"),
        deleted=("оваа порака беше избришана",),
        own=("ја избриша оваа порака",),
        missed_voice=("пропуштен гласовен повик",),
        missed_video=("пропуштен видео повик",),
        live_location=("споделено локација во живо",),
        encrypted=("твоите пораки и повици се обезбедени",),
        group_encrypted=("пораките до оваа група",),
    ),
    "sq": Words(
        chat=("Biseda me {} në WhatsApp",),
        attached=("skedë e ngjitur",),
        omitted=("media u hoq", "media hequr"),
        missed_voice=("thirrje e shmangur",),
        missed_video=("videothirrje e shmangur",),
        live_location=("vendnodhja aktuale u shpërnda",),
        encrypted=("mesazhet dhe thirrjet tuaja janë të koduara",),
        group_encrypted=("mesazhet që i dërgoni në këtë grup", "mesazhet që i shkëmbeni në këtë grup"),
    ),
    "tr": Words(
        chat=("{} ile WhatsApp Sohbeti",),
        attached=("dosya ekli", "eklendi"),
        omitted=("medya dahil edilmedi", "medya atlanmış"),
        image=("görüntü dahil edilmedi",),
        video=("video dahil edilmedi", "görüntülü not çıkarıldı"),
        audio=("ses dahil edilmedi",),
        sticker=("çıkartma dahil edilmedi",),
        gif=("gif dahil edilmedi",),
        contact=("kişi kartı dahil edilmedi",),
        document=("belge dahil edilmedi",),
        deleted=("bu mesaj silindi",),
        own=("bu mesajı sildiniz",),
        edited=("bu mesaj düzenlendi",),
        missed_voice=("cevapsız sesli arama",),
        missed_video=("cevapsız görüntülü arama",),
        live_location=("mevcut konum paylaşıldı",),
        encrypted=("mesajlar ve aramalar uçtan uca şifrelidir", "mesajlarınız artık uçtan uca şifreleme"),
        group_encrypted=("bu gruba gönderdiğiniz mesajlar",),
    ),
    "ar": Words(
        chat=("دردشة واتساب مع {}",),
        attached=("الملف مرفق", "المُرفق"),
        omitted=("تم استبعاد الوسائط",),
        image=("لم يتم إدراج الصورة",),
        video=("لم يتم إدراج الفيديوهات",),
        audio=("لم يتم إدراج المقاطع الصوتية",),
        sticker=("تم حذف الملصقات",),
        gif=("لم يتم إدراج صورة gif",),
        contact=("لم يتم إدراج بطاقة جهة اتصال",),
        document=("لم يتم إدراج المستند",),
        deleted=("تم حذف هذه الرسالة",),
        own=("لقد حذَفت هذه الرسالة", "أنت حذفت هذه الرسالة"),
        edited=("تم تعديل هذه الرسالة",),
        missed_voice=("مكالمة صوتية فائتة",),
        missed_video=("مكالمة فيديو فائتة",),
        live_location=("تمت مشاركة الموقع المباشر",),
        encrypted=("الرسائل والمكالمات مشفرة", "إن الرسائل التي ترسلها والمكالمات"),
        group_encrypted=("إن الرسائل التي ترسلها إلى هذه المجموعة", "باتت الرسائل التي ترسلها إلى هذه المجموعة"),
    ),
    "fa": Words(
        chat=("گفتگوی WhatsApp با {}",),
        attached=("پیوست", "فایل پیوست شد"),
        omitted=("رسانه حذف شد", "پيوست نما/آهنگ حذف شد"),
        image=("تصویر حذف شد",),
        video=("ویدیو حذف شد",),
        audio=("صدا حذف شد",),
        sticker=("استیکر حذف شد",),
        gif=("gif حذف شد",),
        contact=("برگ مخاطب حذف شد",),
        document=("سند حذف شد",),
        deleted=("این پیام حذف شده است", "این پیام حذف شد"),
        own=("شما این پیام را حذف کردید",),
        missed_voice=("تماس صوتی پاسخ داده نشده",),
        missed_video=("تماس تصویری بیپاسخ", "تماس تصویری پاسخ داده نشده"),
        live_location=("مکان زنده به اشتراک گذاشته شد",),
        encrypted=("پیامها و تماسها سرتاسر رمزگذاری", "پیام ها و تماس های شما رمزگذاری"),
        group_encrypted=("پیام ها به این گروه",),
    ),
    "de": Words(
        chat=("WhatsApp Chat mit {}",),
        attached=("datei angehängt", "anhang", "angehängt"),
        omitted=("medien ausgeschlossen", "medien weggelassen"),
        image=("bild weggelassen",),
        video=("video weggelassen",),
        audio=("audio weggelassen",),
        sticker=("sticker weggelassen",),
        gif=("gif weggelassen",),
        contact=("kontaktkarte ausgelassen",),
        document=("dokument weggelassen",),
        deleted=("diese nachricht wurde gelöscht",),
        own=("du hast diese nachricht gelöscht",),
        edited=("diese nachricht wurde bearbeitet",),
        missed_voice=("verpasster sprachanruf",),
        missed_video=("verpasster videoanruf",),
        live_location=("live-standort wird geteilt",),
        encrypted=("nachrichten und anrufe sind ende-zu-ende-verschlüsselt", "deine nachrichten und anrufe werden automatisch"),
        group_encrypted=("nachrichten an diese gruppe",),
    ),
    "it": Words(
        chat=("Chat WhatsApp con {}",),
        attached=("file allegato", "allegato"),
        omitted=("media omessi", "media omesso"),
        image=("immagine omessa",),
        video=("video omesso",),
        audio=("audio omesso",),
        sticker=("sticker non incluso",),
        gif=("gif esclusa",),
        contact=("scheda contatto omessa",),
        document=("documento omesso",),
        deleted=("questo messaggio è stato eliminato",),
        own=("hai eliminato questo messaggio",),
        edited=("questo messaggio è stato modificato",),
        missed_voice=("chiamata vocale persa",),
        missed_video=("videochiamata persa",),
        live_location=("posizione attuale condivisa",),
        encrypted=("i messaggi e le chiamate sono crittografati", "i tuoi messaggi e le tue chiamate"),
        group_encrypted=("i messaggi inviati a questo gruppo",),
    ),
    "sl": Words(
        chat=("WhatsApp klepet z {}",),
        attached=("priložena datoteka",),
        omitted=("datoteke izpuščene", "medij izpuščen"),
        deleted=("to sporočilo je bilo izbrisano",),
        own=("to sporočilo ste izbrisali",),
        missed_voice=("zgrešen klic",),
        missed_video=("neodgovorjen video klic",),
        live_location=("lokacija v živo je bila deljena",),
        encrypted=("vaša sporočila in klici so zavarovani",),
        group_encrypted=("sporočila v tej skupini so",),
    ),
    "bg": Words(
        chat=("WhatsApp Чат с {}",),
        attached=("прикачен файл",),
        omitted=("без файл",),
        deleted=("съобщението беше изтрито",),
        own=("изтрихте това съобщение",),
        missed_voice=("пропуснато гласово обаждане",),
        missed_video=("пропуснато видео обаждане",),
        live_location=("местоположение в реално време споделено",),
        encrypted=("съобщенията и обажданията ви са подсигурени",),
        group_encrypted=("съобщенията, които изпращате към тази група",),
    ),
    "el": Words(
        chat=("Συνομιλία WhatsApp με {}",),
        attached=("συνημμένο αρχείο", "επισυνάφθηκε"),
        omitted=("αρχείο παραλήφθηκε", "εξαίρεση πολυμέσων"),
        image=("εικόνα παραλείφθηκε",),
        video=("βίντεο παραλείφθηκε",),
        audio=("ήχος παραλείφθηκε",),
        sticker=("αυτοκόλλητο παραλήφθηκε",),
        gif=("παράληψη gif",),
        contact=("η κάρτα επαφής παραλήφθηκε",),
        document=("έγγραφο παραλείφθηκε",),
        deleted=("αυτό το μήνυμα διαγράφηκε",),
        own=("διαγράψατε αυτό το μήνυμα", "διαγράψατε το μήνυμα"),
        missed_voice=("αναπάντητη φωνητική κλήση", "αναπάντητη κλήση"),
        missed_video=("αναπάντητη βιντεοκλήση",),
        live_location=("η τωρινή τοποθεσία κοινοποιήθηκε",),
        encrypted=("τα μηνύματα και οι κλήσεις κρυπτογραφούνται", "τα μηνύματα και οι κλήσεις σας είναι ασφαλή"),
        group_encrypted=("τα μηνύματα προς αυτήν την ομάδα",),
    ),
    "ro": Words(
        chat=("Conversație WhatsApp cu {}",),
        attached=("fișier atașat", "atașare"),
        omitted=("conținut media omis",),
        image=("imagine omisă",),
        video=("clip video omis",),
        audio=("fără audio",),
        sticker=("sticker omis",),
        gif=("gif omis",),
        contact=("carte de vizită contact omisă",),
        document=("document omis",),
        deleted=("acest mesaj a fost șters",),
        own=("ați șters acest mesaj",),
        edited=("acest mesaj a fost editat",),
        missed_voice=("apel vocal ratat", "apel vocal nepreluat"),
        missed_video=("apel video ratat", "apel video nepreluat"),
        live_location=("locație în timp real distribuită",),
        encrypted=("mesajele și apelurile sunt criptate", "mesajele dvs. și apelurile sunt securizate"),
        group_encrypted=("mesajele către acest grup",),
    ),
    "hu": Words(
        chat=("WhatsApp csevegés vele: {}",),
        attached=("fájl csatolva", "csatolva"),
        omitted=("média elhagyva", "hiányzó médiafájl"),
        image=("kép küldése sikertelen",),
        video=("videó kihagyva",),
        audio=("hang kihagyása",),
        sticker=("matrica kihagyva",),
        gif=("gif fájl kihagyása",),
        contact=("névjegykártya kihagyva",),
        document=("dokumentum kihagyva",),
        deleted=("ez az üzenet törlésre került",),
        own=("ezt az üzenetet törölted", "törölted ezt az üzenetet"),
        missed_voice=("nem fogadott hanghívás",),
        missed_video=("nem fogadott videohívás", "nem fogadott videóhívás"),
        live_location=("tartózkodási hely megosztva",),
        encrypted=("az üzenetek és hívások végpontok közötti", "a csevegéseid és hívásaid automatikusan"),
        group_encrypted=("az ebben a csoportban lévő üzenetek",),
    ),
    "fr": Words(
        chat=("Discussion WhatsApp avec {}",),
        attached=("fichier joint", "pièce jointe"),
        omitted=("médias omis", "fichier omis"),
        image=("image absente",),
        video=("vidéo absente",),
        audio=("audio omis",),
        sticker=("sticker omis",),
        gif=("gif retiré",),
        contact=("fiche contact manquante",),
        document=("document manquant",),
        deleted=("ce message a été supprimé",),
        own=("vous avez supprimé ce message",),
        edited=("ce message a été modifié",),
        missed_voice=("appel vocal manqué",),
        missed_video=("appel vidéo manqué",),
        live_location=("localisation en direct partagée",),
        encrypted=("les messages et les appels sont chiffrés", "vos messages et vos appels sont protégés"),
        group_encrypted=("les messages envoyés dans ce groupe",),
    ),
    "es": Words(
        chat=("Chat de WhatsApp con {}",),
        attached=("archivo adjuntado", "archivo adjunto", "adjunto"),
        omitted=("multimedia omitido", "archivo omitido"),
        image=("imagen omitida",),
        video=("video omitido",),
        audio=("audio omitido",),
        sticker=("sticker omitido",),
        gif=("gif omitido",),
        contact=("tarjeta de contacto omitida",),
        document=("documento omitido",),
        deleted=("se eliminó este mensaje", "este mensaje fue eliminado"),
        own=("eliminaste este mensaje",),
        edited=("se editó este mensaje",),
        missed_voice=("llamada perdida", "llamada de voz perdida"),
        missed_video=("videollamada perdida",),
        live_location=("ubicación en tiempo real compartida",),
        encrypted=("los mensajes y las llamadas están cifrados", "tus mensajes y llamadas ahora están protegidos"),
        group_encrypted=("los mensajes en este grupo",),
    ),
    "ru": Words(
        chat=("Чат WhatsApp с контактом {}", "Чат WhatsApp с {}"),
        attached=("файл добавлен", "прикреплено"),
        omitted=("без медиафайлов", "файл пропущен"),
        image=("изображение отсутствует",),
        video=("видео отсутствует", "видеозаметка опущена"),
        audio=("аудиофайл отсутствует",),
        sticker=("стикер не добавлен",),
        gif=("gif отсутствует",),
        contact=("карточка контакта отсутствует",),
        document=("документ отсутствует",),
        deleted=("данное сообщение удалено",),
        own=("вы удалили это сообщение", "вы удалили данное сообщение"),
        edited=("сообщение изменено",),
        missed_voice=("пропущенный аудиозвонок",),
        missed_video=("пропущенный видеозвонок",),
        live_location=("геоданные отправлены",),
        encrypted=("сообщения и звонки защищены", "ваши сообщения и звонки защищены"),
        group_encrypted=("сообщения в данной группе",),
    ),
    "ur": Words(
        attached=("پیوستہ فائل",),
        omitted=("میڈیا چھوڑ دیا گیا", "میڈیا ہٹا دیا گیا"),
        deleted=("یہ پیغام حذف کیا گیا", "یہ میسج حذف کر دیا گیا ہے"),
        own=("آپ نے اس پیغام کو حذف کیا", "آپ نے یہ میسج حذف کر دیا ہے"),
    ),
    "pt": Words(
        chat=("Conversa no WhatsApp com {}", "Conversa do WhatsApp com {}"),
        attached=("ficheiro anexado", "arquivo anexado", "anexado", "anexo"),
        omitted=("ficheiro não revelado", "mídia omitida"),
        deleted=("esta mensagem foi apagada", "mensagem apagada"),
        own=("apagou esta mensagem", "você apagou esta mensagem"),
    ),
    "nl": Words(
        chat=("WhatsApp-chat met {}",),
        attached=("bestand bijgevoegd", "bijgevoegd"),
        omitted=("media weggelaten",),
        deleted=("dit bericht is verwijderd",),
        own=("u hebt dit bericht verwijderd",),
    ),
    "uk": Words(
        chat=("Бесіда WhatsApp з {}",),
        attached=("файл додано", "додано"),
        omitted=("медіа пропущено",),
        deleted=("це повідомлення було видалено",),
        own=("ви видалили це повідомлення",),
    ),
    "cs": Words(chat=("Chat WhatsApp s uživatelem {}",), attached=("soubor byl přiložen",)),
    "pl": Words(chat=("Czat WhatsApp z {}",), attached=("załączony plik", "załączono")),
}  # fmt: skip

VIEW_ONCE = {
    "view once voice message omitted": "voice",
    "you received a view once photo": "image",
    "you received a view once video": "video",
    "you received a view once voice message": "voice",
}
CALLS = {"voice call": False, "video call": True}  # iOS, a direction mark before and behind: made, with its duration
MEDIA_FIELDS = ("image", "video", "audio", "sticker", "gif", "contact", "document")


def _phrases(*fields: str) -> dict[str, set[str]]:
    """Phrases of these fields with the languages that use them."""
    found: dict[str, set[str]] = {}
    for language, words in LANGUAGES.items():
        for name in fields:
            for phrase in getattr(words, name):
                found.setdefault(phrase.casefold(), set()).add(language)
    return found


CHAT_NAMES = [name for words in LANGUAGES.values() for name in words.chat]
ATTACHED = _phrases("attached")
OMITTED = _phrases("omitted", *MEDIA_FIELDS)
OMITTED_KIND = {phrase: name for name in MEDIA_FIELDS for phrase in _phrases(name)}
DOCUMENT_OMITTED = tuple(_phrases("document"))
DELETED = _phrases("deleted", "own")
OWN = _phrases("own")
EDITED = _phrases("edited")
MISSED = _phrases("missed_voice", "missed_video")
MISSED_VIDEO = _phrases("missed_video")
LIVE_LOCATION = _phrases("live_location")
ENCRYPTED = tuple(_phrases("encrypted", "group_encrypted"))
GROUP_ENCRYPTED = tuple(_phrases("group_encrypted"))
TELLING = _phrases(
    "omitted", *MEDIA_FIELDS, "deleted", "own", "edited", "missed_voice", "missed_video", "live_location", "attached"
)

# Parts of the day that stand with a 12-hour time, without dots and spaces, and the hours they span.
MORNING, EVENING = (0, 12), (12, 24)
PARTS_OF_DAY = {
    **dict.fromkeys(("am", "a", "ص", "صباحا", "صباحًا", "قظ", "ق", "قبلازظهر", "öö", "pd", "eparadites", "paradite", "paradites",
                     "prijepodne", "претпл", "претпладне", "vorm", "vormittags",
                     "dop", "dopoldne", "проб", "πμ", "de", "délelőtt", "上午", "오전"), MORNING),
    **dict.fromkeys(("pm", "p", "م", "مساء", "مساءً", "بظ", "ب", "بعدازظهر", "ös", "md", "epasdites", "pasdite", "pasdites",
                     "popodne", "poslijepodne", "поподне", "pop", "попл", "попладне", "nachm", "nachmittags",
                     "popoldne", "слоб", "μμ", "du", "délután", "下午", "오후"), EVENING),
    **dict.fromkeys(("morgens", "ujutro", "ujutru", "jutro", "ујутру", "јутро", "наутро", "утро", "sabah", "emëngjesit",
                     "mëngjes", "πρωί", "τοπρωί", "утра", "dumatin", "matin", "dimattina", "zjutraj", "сутринта", "dimineața",
                     "reggel", "inthemorning", "delamadrugada", "delamañana", "صبح", "بامداد"), MORNING),
    **dict.fromkeys(("mittags", "podne", "подне", "noon", "напладне", "ظهر", "ظهرا", "ظهرًا", "öğle", "emesditës", "наобяд",
                     "opoldne", "dél"), (10, 15)),
    **dict.fromkeys(("abends", "navečer", "uveče", "uvečer", "увече", "навечер", "akşam", "akşamüstü", "öğledensonra",
                     "embrëmjes", "вечера", "дня", "dusoir", "soir", "disera", "delpomeriggio", "zvečer", "вечерта", "следобед",
                     "seara", "dupăamiaza", "după-amiaza", "este", "delatarde", "delanoche", "delaprèsmidi", "عصر", "شب",
                     "بعدالظهر", "intheevening", "intheafternoon", "τοαπόγευμα", "τομεσημέρι"), EVENING),
    **dict.fromkeys(("nachts", "noću", "ноћу", "ноќе", "gece", "enatës", "ночи", "dinotte", "ponoči", "презнощта", "noaptea",
                     "éjjel", "ليلا", "ليلاً", "ponoći", "atnight"), (20, 8)),
}  # fmt: skip
