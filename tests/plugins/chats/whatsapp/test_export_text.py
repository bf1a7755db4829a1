"""WhatsApp chat exports: rows, senders told from system lines, what the app writes told from what people write."""

import io
import json
import random
import re
import zipfile
from datetime import datetime

import pytest
from forensics_plugins.chats.whatsapp.export_text import chat, is_export

from forensics import testing
from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source
from forensics.evidence.source import Entry

ANDROID = """\
12.03.24, 18:42 - Poruke i pozivi su zaštićeni.
12.03.24, 18:43 - Dragan: Stižu večeras
u dva kombija
12.03.24, 18:44 - +382 67 000 001: \u200eIMG-20240312-WA0003.jpg (фајл приложен)
ево слике
13.03.24, 07:05 - Dragan: <медији су изостављени>
13.03.24, 07:06 - Dragan: location: https://maps.google.com/?q=42.4304,19.2594
13.03.24, 07:07 - Dragan je promijenio temu u "Put: jug"
13.03.24, 07:08 - +382 67 000 001: This message was deleted
13.03.24, 07:09 - Dragan:
"""
IPHONE = """\
[12.3.2024., 18:42:01] Put na jug: \u200ePoruke i pozivi zaštićeni su potpunom enkripcijom. Nitko izvan ovog razgovora.
[12.3.2024., 18:42:01] Ana: \u200eAna je stvorila grupu
\u200e[12.3.2024., 18:43:10] Ana: \u200e<priloženo: 00000012-PHOTO-2024-03-12-18-43-10.jpg>
[12.3.2024., 18:44:00] ~\u202fДрагана: slika <b>ovdje</b>
\u200e[12.3.2024., 18:45:00] Ana: plan • 2 stranice \u200e<priloženo: 00000014-plan.pdf>
[12.3.2024., 18:46:00] \u202a+382 67 000 001\u202c: Vidimo se
[13.3.2024., 18:46:00] Ana: \u200eslika izostavljena
"""


def found(text: str, name: str = "WhatsApp Chat with Put.txt", **how) -> dict:
    return testing.rows(chat, text.encode(), name=name, **how)


def one(text: str, name: str = "Ana", **how) -> dict:
    """The row of a message with that text, in a chat with dates that tell their order."""
    rows = found(f"13.03.24, 07:00 - Boro: a\n13.03.24, 07:01 - {name}: {text}\n13.03.24, 07:02 - {name}: b\n", **how)
    assert "problems" not in rows
    return rows["messages"][1]


def extra(row: dict) -> dict:
    return json.loads(row.get("extra", "{}"))


# --- rows


def test_messages_of_an_android_export() -> None:
    rows = found(ANDROID)["messages"]
    assert [(r["record"], r["kind"], r.get("sender_name"), r.get("text")) for r in rows] == [
        ("line 1", "system", None, "Poruke i pozivi su zaštićeni."),
        ("line 2", "text", "Dragan", "Stižu večeras\nu dva kombija"),
        ("line 4", "image", "+382 67 000 001", "ево слике"),
        ("line 6", "unknown", "Dragan", "<медији су изостављени>"),
        ("line 7", "location", "Dragan", "location: https://maps.google.com/?q=42.4304,19.2594"),
        ("line 8", "system", None, 'Dragan je promijenio temu u "Put: jug"'),
        ("line 9", "deleted", "+382 67 000 001", "This message was deleted"),
        ("line 10", "unknown", "Dragan", None),
    ]
    assert rows[1]["sent_local"] == datetime(2024, 3, 12, 18, 43)
    assert rows[1]["time_basis"] == "local"
    assert (rows[1]["chat_name"], rows[1]["chat_id"]) == ("Put", "Put")
    assert rows[2]["raw_kind"] == "\u200eIMG-20240312-WA0003.jpg (фајл приложен)"
    assert (rows[4]["latitude"], rows[4]["longitude"]) == (42.4304, 19.2594)
    assert extra(rows[7]) == {"empty": "written so for media to be seen once and for what is not shown"}


def test_messages_of_an_iphone_export() -> None:
    rows = found(IPHONE, "_chat.txt")
    messages = rows["messages"]
    assert [(r["direction"], r["kind"], r["sender_name"], r.get("text")) for r in messages] == [
        (
            "system",
            "system",
            "Put na jug",
            "\u200ePoruke i pozivi zaštićeni su potpunom enkripcijom. Nitko izvan ovog razgovora.",
        ),
        ("system", "system", "Ana", "\u200eAna je stvorila grupu"),
        ("unknown", "image", "Ana", None),
        ("unknown", "text", "~\u202fДрагана", "slika <b>ovdje</b>"),
        ("unknown", "document", "Ana", "plan • 2 stranice "),
        ("unknown", "text", "+382 67 000 001", "Vidimo se"),
        ("unknown", "image", "Ana", "\u200eslika izostavljena"),
    ]
    assert messages[2]["sent_local"] == datetime(2024, 3, 12, 18, 43, 10)
    assert messages[5]["sender_id"] == "+382 67 000 001"
    assert {r["chat_kind"] for r in messages} == {"group"}
    assert [a["name"] for a in rows["attachments"]] == ["00000012-PHOTO-2024-03-12-18-43-10.jpg", "00000014-plan.pdf"]
    assert [p["name"] for p in rows["participants"]] == ["Ana", "~\u202fДрагана", "+382 67 000 001"]


def test_a_zone_makes_instants() -> None:
    rows = found(ANDROID, timezone="Europe/Podgorica")["messages"]
    assert rows[1]["sent_at"].isoformat() == "2024-03-12T17:43:00+00:00"
    assert rows[1]["time_basis"] == "assumed:Europe/Podgorica"


def test_members_are_those_who_wrote() -> None:
    members = found(ANDROID)["participants"]
    assert [(m["name"], m.get("person_id")) for m in members] == [
        ("Dragan", None),
        ("+382 67 000 001", "+382 67 000 001"),
    ]


def test_places_are_those_that_were_shared() -> None:
    (place,) = found(ANDROID)["places"]
    assert (place["latitude"], place["longitude"], place["local"]) == (42.4304, 19.2594, datetime(2024, 3, 13, 7, 6))


def test_lines_before_the_first_message_are_a_problem() -> None:
    (problem,) = found("one\n\ntwo\n" + ANDROID)["problems"]
    assert (problem["message"], problem["detail"]) == ("2 lines before the first message", "one\ntwo")


def test_hostile_text_is_kept_as_it_is() -> None:
    text = '=HYPERLINK("http://x") <script>alert(1)</script> \x1b[31m \u202etxt.exe & more'
    assert one(text)["text"] == text


# --- every line is in a row


WORDS = (
    "ana",
    "и",
    "مرحبا",
    "3/6/18",
    "10:00 -",
    ": ",
    "<",
    ">",
    "\u200e",
    "\u2028",
    "\x0b",
    "(x)",
    "POLL:",
    "",
    " ",
    '"',
    "a.jpg",
)


def bodies(text: str) -> list[tuple[int, str]]:
    """Each row's line number with all that follows its head, of an export with heads of one form."""
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if re.match(r"\d\d/\d\d/2024, \d\d:\d\d - ", line)]
    return [
        (start + 1, "\n".join([lines[start].split(" - ", 1)[1], *lines[start + 1 : end]]))
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_rows_put_together_are_the_file(seed: int) -> None:
    random.seed(seed)
    lines = []
    for number in range(30):
        words = " ".join(random.choices(WORDS, k=random.randrange(6)))
        form = random.choice(("{}", "Ana: {}", "Boro: posao: {}", "+382 67 000 001: {}", "\u200eAna: \u200e{}"))
        lines.append(f"{number % 28 + 1:02}/03/2024, 10:{number:02} - {form.format(words)}")
        lines += [" ".join(random.choices(WORDS, k=3)) for _ in range(random.choice((0, 0, 1, 3)))]
    text = "\n".join(lines)
    rows = found(text)["messages"]
    expected = bodies(text)
    assert [int(row["record"].split()[1]) for row in rows] == [line for line, _ in expected]
    for row, (_, body) in zip(rows, expected, strict=True):
        kept = row.get("text", "")
        if (name := row.get("sender_name")) is not None:
            body = body.split(name, 1)[1]
            body = re.sub(r"^[ \u202c\u200e]*:[\u200e]*(?: |$|(?=\n|\.))", "", body, count=1)
        if body != kept:  # the app's own part is in raw_kind
            assert row["raw_kind"] in body
            assert body.replace(row["raw_kind"], "", 1).strip(" \n\u200e") == kept.strip(" \n\u200e")


@pytest.mark.parametrize(("end", "bom"), [("\n", ""), ("\r\n", ""), ("\r\n", "\ufeff"), ("\n", "\ufeff"), ("\r", "")])
def test_line_ends_and_byte_order_marks(end: str, bom: str) -> None:
    rows = found(bom + ANDROID.replace("\n", end))
    assert "problems" not in rows
    assert [row["text"] for row in rows["messages"][:3]] == [
        "Poruke i pozivi su zaštićeni.",
        "Stižu večeras\nu dva kombija",
        "ево слике",
    ]


def test_only_line_feeds_end_a_line() -> None:
    # Python's `splitlines`, which others use (chat-miner), also parts at U+2028, vertical tabs and U+0085.
    assert one("a\u2028b\x0bc\x85d\re")["text"] == "a\u2028b\x0bc\x85d\re"


def test_blank_lines_stay() -> None:
    # chat-miner joins the lines of a message with spaces: line breaks and empty lines are lost.
    assert one("a\n\n  b\n")["text"] == "a\n\n  b\n"


def test_letters_stay_as_they_are() -> None:
    # chat-miner normalises lines (NFKC), whatstk the whole file (NFKD) and takes out joiners: ligatures, full-width letters,
    # Persian word forms and joined emoji are lost, and č becomes two characters.
    text = "ﬁn ２ č می\u200cروم 👨\u200d👩\u200d👧 \u200e…"
    assert one(text)["text"] == text


def test_a_dash_and_a_bracket_in_the_text() -> None:
    assert one("a - b ] c: d")["text"] == "a - b ] c: d"


# --- senders


def test_a_name_with_a_colon() -> None:
    text = "".join(f"13.03.24, 07:0{n} - Ana: posao: red {n}: x\n" for n in range(3)) + "13.03.24, 07:09 - Boro: da\n"
    rows = found(text)["messages"]
    assert [(r["sender_name"], r["text"]) for r in rows] == [
        ("Ana: posao", "red 0: x"),
        ("Ana: posao", "red 1: x"),
        ("Ana: posao", "red 2: x"),
        ("Boro", "da"),
    ]
    assert extra(rows[0])["sender"] == "the name may end at its first colon"


def test_text_with_colons_is_no_name() -> None:
    text = "".join(f"13.03.24, 07:0{n} - Ana: pitanje: {n}\n" for n in range(3)) + "13.03.24, 07:09 - Ana: da\n"
    assert [r["sender_name"] for r in found(text)["messages"]] == ["Ana"] * 4


@pytest.mark.parametrize(
    "line",
    [
        'Ana promijenila je temu u "Put: jug"',
        "Ana changed the subject from “a: b” to “c”",
        "Marko added +382 67 000 001",
        "Missed voice call",
    ],
)
def test_system_lines(line: str) -> None:
    row = found(f"{ANDROID}13.03.24, 07:10 - {line}\n")["messages"][-1]
    assert (row["direction"], row["text"]) == ("system", line)
    assert "sender_name" not in row


def test_a_name_that_stands_once_is_marked() -> None:
    row = found(f"{ANDROID}13.03.24, 07:10 - Security code: changed\n")["messages"][-1]
    assert (row["sender_name"], extra(row)) == ("Security code", {"sender": "this name stands before one line only"})


def test_a_number_is_a_sender_at_once() -> None:
    assert "extra" not in found(f"{ANDROID}13.03.24, 07:10 - +381 60 000 002: x\n")["messages"][-1]


# --- quotations and two exports in one file


def test_a_pasted_line_of_another_form_is_text() -> None:
    # Other parsers take each line that starts with a date for a message: a quotation becomes evidence against its author.
    row = one("gledaj\n[12/03/2024, 18:42:10] Marko: istina\n12.3.2024, 18:42 - Marko: je")
    assert row["text"] == "gledaj\n[12/03/2024, 18:42:10] Marko: istina\n12.3.2024, 18:42 - Marko: je"
    assert extra(row) == {"lines_like_heads": 2}


def test_a_pasted_line_of_the_same_form_is_a_row_that_says_its_doubt() -> None:
    text = "13.03.24, 07:00 - Ana: vidi\n01.01.23, 10:00 - Marko: da\n13.03.24, 07:01 - Ana: ok\n"
    rows = found(text)["messages"]
    assert [extra(r).get("earlier_than_the_line_above") for r in rows] == [None, True, None]
    assert extra(rows[1])["sender"] == "this name stands before one line only"


def test_a_long_quotation_does_not_become_the_chat() -> None:
    quoted = "".join(f"[12/03/2024, 18:{n}:00] Marko: {n}\n" for n in range(10, 59))
    rows = found(f"13.03.24, 07:00 - Ana: vidi\n{quoted}13.03.24, 07:01 - Boro: ok\n")["messages"]
    assert [(r["sender_name"], extra(r).get("lines_like_heads")) for r in rows] == [("Ana", 49), ("Boro", None)]


def test_two_exports_in_one_file() -> None:
    second = "".join(f"[3/{n}/24, 8:0{n % 10}:00 PM] Ana: {n}\n" for n in range(13, 25))
    first = "".join(f"{n}.02.24, 07:00 - Boro: {n}\n" for n in range(10, 26))
    rows = found(first + second)
    assert len(rows["messages"]) == 28
    assert rows["messages"][-1]["sent_local"] == datetime(2024, 3, 24, 20, 4)
    assert rows["problems"][0]["message"] == "heads of 2 forms: more than one export, from line 1, line 17"


# --- dates


def test_an_assumed_order_is_said_on_each_row() -> None:
    rows = found("01/02/17, 10:00 - A: x\n01/03/17, 10:00 - A: y\n")
    assert "day first is assumed" in rows["problems"][0]["message"]
    assert [extra(r)["date_order"] for r in rows["messages"]] == ["assumed: day first"] * 2


def test_the_app_s_language_is_a_hint_that_is_said() -> None:
    rows = found("01/02/17, 10:00 - A: <Medien ausgeschlossen>\n01/03/17, 10:00 - A: y\n")
    assert "from the language of the app: de" in rows["problems"][0]["message"]


def test_names_of_attachments_tell_days_from_months() -> None:
    # chat-miner falls back on day first wherever no number is above 12: here each date would be wrong.
    rows = found("3/12/24, 8:05 PM - A: x\n3/12/24, 8:06 PM - A: IMG-20240312-WA0001.jpg (file attached)\n")
    assert "problems" not in rows
    assert rows["messages"][0]["sent_local"] == datetime(2024, 3, 12, 20, 5)


def test_solar_hijri_dates_are_converted_and_kept_as_written() -> None:
    rows = found("۱۳۹۹/۵/۳, ۱۱:۲۰ - الف: سلام\n۱۳۹۹/۵/۴, ۱۱:۲۰ - الف: این پیام حذف شد\n")
    first, second = rows["messages"]
    assert first["sent_local"] == datetime(2020, 7, 24, 11, 20)
    assert extra(first) == {"calendar": "Solar Hijri", "date_as_written": "۱۳۹۹/۵/۳, ۱۱:۲۰ -"}
    assert (second["kind"], second["deleted"]) == ("deleted", True)
    assert "problems" not in rows


def test_lunar_hijri_dates_are_a_problem_not_a_date() -> None:
    rows = found("٢‏/٩‏/١٤٤٥, ١١:٢٠ ص - أ: مرحبا\n٣‏/٩‏/١٤٤٥, ١١:٢٠ ص - أ: مرحبا\n")
    assert len(rows["messages"]) == 2
    assert "sent_local" not in rows["messages"][0]
    assert extra(rows["messages"][0])["calendar"] == "lunar Hijri"
    assert "2 dates of the calendar lunar Hijri" in rows["problems"][-1]["message"]


def test_an_impossible_date_keeps_its_row() -> None:
    rows = found("13/02/17, 10:00 - A: x\n31/02/17, 10:00 - A: y\n14/02/17, 25:61 - A: z\n")
    assert [r["text"] for r in rows["messages"]] == ["x", "y", "z"]
    assert [p["record"] for p in rows["problems"] if "cannot be" in p["message"]] == ["line 2", "line 3"]


def test_an_unknown_part_of_the_day_is_said() -> None:
    rows = found("13.03.24, 7:00 qwe - A: x\n14.03.24, 7:01 qwe - A: y\n")["messages"]
    assert extra(rows[0]) == {"day_part": "qwe"}


def test_half_days_with_dots_and_spaces() -> None:
    # whatstk knows the evening as `pm` only: behind `p. m.` and `p.m.` all hours stay in the morning.
    rows = found("13/03/2024, 08:49 p. m. - A: x\n13/03/2024, 08:50 p.m. - A: y\n13/03/2024, 12:50 a. m. - A: y\n")
    assert [r["sent_local"].hour for r in rows["messages"]] == [20, 20, 0]


def test_a_head_within_a_line_is_text() -> None:
    # whatstk looks for heads anywhere in the file: a quoted head within a line starts a message of its own.
    rows = found("13/03/24, 07:01 - Ana: on piše 13/03/24, 07:00 - Boro: da\n13/03/24, 07:02 - Ana: b\n")["messages"]
    assert [r["text"] for r in rows] == ["on piše 13/03/24, 07:00 - Boro: da", "b"]


def test_system_lines_are_rows() -> None:
    # whatstk cuts lines without a name out of what it gives: who joined and left a group is lost.
    assert [r["direction"] for r in found(ANDROID)["messages"]].count("system") == 2


# --- what the app writes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<Media omitted>", "unknown"), ("<медији су изостављени>", "unknown"), ("<Medijski zapis izostavljen>", "unknown"),
        ("<без фајлови>", "unknown"), ("<Media hequr>", "unknown"), ("<Medij izpuščen>", "unknown"), ("<Без файл>", "unknown"),
        ("<Εξαίρεση πολυμέσων>", "unknown"), ("<Medya dahil edilmedi>", "unknown"), ("<تم استبعاد الوسائط>", "unknown"),
        ("< پيوست نما/آهنگ حذف شد >", "unknown"), ("<میڈیا ہٹا دیا گیا>", "unknown"), ("<Medien ausgeschlossen>", "unknown"),
        ("<Media omessi>", "unknown"), ("<Hiányzó médiafájl>", "unknown"), ("<conținut media omis>", "unknown"),
        ("<Médias omis>", "unknown"), ("<Multimedia omitido>", "unknown"), ("<Без медиафайлов>", "unknown"),
        ("<nešto novo izostavljeno>", "unknown"), ("\u200eimage omitted", "image"), ("\u200eslika izostavljena", "image"),
        ("\u200eBild weggelassen", "image"), ("\u200eصدا حذف شد", "audio"), ("\u200eÇıkartma dahil edilmedi", "sticker"),
        ("\u200eGIF omis", "gif"), ("\u200eΗ κάρτα επαφής παραλήφθηκε", "contact"), ("\u200eдокумент отсутствует", "document"),
        ("\u200evideo omesso", "video"), ("<Video note omitted>", "video"),
    ],
)  # fmt: skip
def test_media_that_were_left_out(text: str, kind: str) -> None:
    row = one(text)
    assert (row["kind"], row["text"], row["raw_kind"]) == (kind, text, text)


def test_a_caption_below_left_out_media() -> None:
    row = one("<Media omitted>\nkod kuće")
    assert (row["kind"], row["text"]) == ("unknown", "<Media omitted>\nkod kuće")


def test_a_document_that_was_left_out_keeps_its_name() -> None:
    rows = found(
        "[13.03.24, 07:01:00] Ana: Plan 2.pdf • 2 Seiten \u200eDokument weggelassen\n[13.03.24, 07:02:00] Ana: b\n"
    )
    assert rows["messages"][0]["kind"] == "document"
    assert [(a["name"], a["present"]) for a in rows["attachments"]] == [("Plan 2.pdf", False)]


@pytest.mark.parametrize(
    "text",
    [
        "This message was deleted", "You deleted this message.", "Ова порука је обрисана", "Обрисао/ла си ову поруку",
        "Ova je poruka izbrisana.", "Ova poruka je izbrisana", "Izbrisali ste ovu poruku.", "Оваа порака беше избришана",
        "Bu mesaj silindi", "Bu mesajı sildiniz", "تم حذف هذه الرسالة", "این پیام حذف شد", "شما این پیام را حذف کردید.",
        "Diese Nachricht wurde gelöscht.", "Du hast diese Nachricht gelöscht.", "Questo messaggio è stato eliminato",
        "Hai eliminato questo messaggio", "To sporočilo je bilo izbrisano", "Съобщението беше изтрито",
        "Αυτό το μήνυμα διαγράφηκε", "Acest mesaj a fost șters", "Ez az üzenet törlésre került", "Ce message a été supprimé",
        "Se eliminó este mensaje.", "Данное сообщение удалено", "\u200eThis message was deleted.",
        "This message was deleted by admin Ana.",
    ],
)  # fmt: skip
def test_marks_of_deletion(text: str) -> None:
    row = one(text)
    assert (row["kind"], row["deleted"], row["text"]) == ("deleted", True, text)


@pytest.mark.parametrize(
    "mark",
    [
        "<This message was edited>", "<Diese Nachricht wurde bearbeitet.>", "<Bu mesaj düzenlendi>", "<Se editó este mensaje.>",
        "<Ce message a été modifié>", "<Questo messaggio è stato modificato>", "<Сообщение изменено>", "<تم تعديل هذه الرسالة>",
        "<Acest mesaj a fost editat>", "\u200e<This message was edited>",
    ],
)  # fmt: skip
def test_marks_of_edits(mark: str) -> None:
    row = one(f"у осам\nа не у девет {mark}")
    assert (row["edited"], row["text"], row["raw_kind"]) == (True, "у осам\nа не у девет", mark)


def test_an_unknown_mark_at_the_end_stays_and_is_said() -> None:
    row = one("u osam <Ova poruka je izmijenjena>")
    assert (row["text"], extra(row)) == (
        "u osam <Ova poruka je izmijenjena>",
        {"ends_with": "<Ova poruka je izmijenjena>"},
    )


@pytest.mark.parametrize(
    ("text", "name", "kind", "caption"),
    [
        ("IMG-20240313-WA0001.jpg (file attached)", "IMG-20240313-WA0001.jpg", "image", None),
        ("IMG-20240313-WA0001.jpg (фајл приложен)\nево", "IMG-20240313-WA0001.jpg", "image", "ево"),
        ("\u200ePTT-20240313-WA0002.opus (datoteka u privitku)", "PTT-20240313-WA0002.opus", "voice", None),
        ("AUD-20240313-WA0002. (file attached)", "AUD-20240313-WA0002.", "audio", None),
        ("STK-20240313-WA0009.webp (dosya ekli)", "STK-20240313-WA0009.webp", "sticker", None),
        ("фајл приложен IMG-20240313-WA0001.jpg", None, "text", "фајл приложен IMG-20240313-WA0001.jpg"),
        ("فایل پیوست شد IMG-20240313-WA0001.jpg", "IMG-20240313-WA0001.jpg", "image", None),
        ("Уговор 3. део.pdf (прикачена датотека)\nУговор 3. део", "Уговор 3. део.pdf", "document", "Уговор 3. део"),
        ("Marko Marković.vcf (Datei angehängt)", "Marko Marković.vcf", "contact", None),
        ("<attached: 00000001-Marko.vcf>", "00000001-Marko.vcf", "contact", None),
        ("\u200e<Anhang: 00000003-VIDEO-2024-03-13-07-01-00.mp4>", "00000003-VIDEO-2024-03-13-07-01-00.mp4", "video", None),
        ("vidi\novo \u200e<pièce jointe: 00000003-PHOTO-2024-03-13-07-01-00.jpg>", "00000003-PHOTO-2024-03-13-07-01-00.jpg",
         "image", "vidi\novo "),
        ("cceea549d0f70fe40e80fe6b1da2b2fd.jpg <\u200eattached>", "cceea549d0f70fe40e80fe6b1da2b2fd.jpg", "image", None),
        ("vCard attached: Marko.vcf", "Marko.vcf", "contact", None),
        ("poslaću ti plan.pdf (kad stignem)", None, "text", "poslaću ti plan.pdf (kad stignem)"),
        ("vidi <pogledaj: plan.pdf>", None, "text", "vidi <pogledaj: plan.pdf>"),
    ],
)  # fmt: skip
def test_attachments(text: str, name: str | None, kind: str, caption: str | None) -> None:
    rows = found(f"13.03.24, 07:01 - Ana: {text}\n13.03.24, 07:02 - Ana: b\n")
    assert [a["name"] for a in rows.get("attachments", [])] == ([name] if name else [])
    assert (rows["messages"][0]["kind"], rows["messages"][0].get("text")) == (kind, caption)


def test_an_edited_caption() -> None:
    rows = found(
        "13.03.24, 07:01 - Ana: ovo \u200e<attached: 1-PHOTO-2024-03-13-07-01-00.jpg> <This message was edited>\n" * 2
    )
    assert rows["attachments"][0]["name"] == "1-PHOTO-2024-03-13-07-01-00.jpg"
    assert (rows["messages"][0]["text"], rows["messages"][0]["edited"]) == ("ovo ", True)


@pytest.mark.parametrize("line", ["plan.pdf (u prilogu)", "plan.pdf", "<u prilogu: plan.pdf>"])
def test_a_name_that_lies_beside_is_an_attachment_in_any_language(line: str) -> None:
    text = f"13.03.24, 07:01 - Ana: {line}\n13.03.24, 07:02 - Ana: b\n"
    assert "attachments" not in found(text)
    assert found(text, beside={"plan.pdf": b"%PDF"})["attachments"][0]["stored_path"] == "plan.pdf"


@pytest.mark.parametrize(
    ("text", "video"),
    [
        ("Missed voice call", False), ("\u200eMissed voice call, \u200eTap to call back", False), ("Пропуштен видео позив", True),
        ("Propušteni glasovni poziv", False), ("Cevapsız görüntülü arama", True), ("Thirrje e shmangur", False),
        ("مكالمة صوتية فائتة", False), ("Verpasster Videoanruf.", True), ("تماس صوتی پاسخ داده نشده", False),
    ],
)  # fmt: skip
def test_missed_calls(text: str, video: bool) -> None:
    rows = found(f"13.03.24, 07:01 - Ana: {text}\n13.03.24, 07:02 - Ana: b\n")
    (call,) = rows["calls"]
    assert rows["messages"][0]["kind"] == "call"
    assert (call["outcome"], call["video"], call["peer_name"]) == ("missed", video, "Ana")
    assert (call["started_local"], call["direction"]) == (datetime(2024, 3, 13, 7, 1), "unknown")


def test_calls_that_were_made() -> None:
    rows = found(
        "[13.03.24, 07:01:00] Ana: \u200eVoice call, \u200e4 min\n[13.03.24, 07:02:00] Ana: Voice call, now?\n"
    )
    assert [r["kind"] for r in rows["messages"]] == ["call", "text"]  # a person wrote the second: no mark before it
    assert extra(rows["messages"][0]) == {"call": "4 min"}
    assert [(c.get("outcome"), c["video"]) for c in rows["calls"]] == [(None, False)]


def test_a_poll() -> None:
    row = one("POLL:\nKada?\nOPTION: U osam (8 votes)\nOPTION: U devet (hm) (1 vote)\nOPTION: Ne (0 votes)")
    assert (row["kind"], row["raw_kind"]) == ("poll", "POLL:")
    assert row["text"].startswith("POLL:\nKada?\n")
    assert extra(row) == {
        "question": "Kada?",
        "options": [
            {"option": "U osam", "votes": 8},
            {"option": "U devet (hm)", "votes": 1},
            {"option": "Ne", "votes": 0},
        ],
    }
    assert one("\u200eANKET:\nNe zaman?\n\u200eSEÇENEK: Sekizde (\u200e2 oy)")["kind"] == "poll"
    assert one("PITANJE:\nda li (3) ili\nne (4)")["kind"] == "text"


@pytest.mark.parametrize(
    ("text", "kind", "at"),
    [
        ("локација: https://maps.google.com/?q=42.4304,19.2594", "location", 42.4304),
        (" \u200eLocation: https://maps.google.com/?q=-42.430400,19.259400", "location", -42.4304),
        ("Hotel\nPodgorica\nlocation: https://maps.google.com/?q=42.430494384766,19.25", "location", 42.430494384766),
        ("Kafić (Budva): https://foursquare.com/v/4dea6dacd22da22d4ed36317", "location", None),
        ("live location shared", "live_location", None),
        ("Локација уживо подељена", "live_location", None),
        ("https://maps.google.com/?q=42.4304,19.2594", "text", None),
        ("vidi https://maps.google.com/?q=42.4304,19.2594 pa javi", "text", None),
        ("location: https://maps.google.com/?q=142.4304,19.2594", "text", None),
    ],
)
def test_locations(text: str, kind: str, at: float | None) -> None:
    row = one(text)
    assert (row["kind"], row.get("latitude"), row["text"]) == (kind, at, text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("\u200eYou received a view once photo. For added privacy, you can only open it on your phone.", "image"),
        ("<View once voice message omitted>", "voice"),
    ],
)
def test_media_to_be_seen_once(text: str, kind: str) -> None:
    row = one(text)
    assert (row["kind"], row["view_once"], row["text"]) == (kind, True, text)


@pytest.mark.parametrize(("line", "text"), [("Ana:.", "."), ("Ana:", None), ("Ana: ", None), ("Ana: null", "null")])
def test_a_message_without_text_stays(line: str, text: str | None) -> None:
    # chat-miner puts words of its own in place of `.`.
    # whatstk needs a space behind the colon, and joins `NAME:` to the line above.
    rows = found(f"13.03.24, 07:00 - Ana: a\n13.03.24, 07:01 - {line}\n13.03.24, 07:02 - Ana: b\n")["messages"]
    assert (rows[1]["kind"], rows[1]["sender_name"], rows[1].get("text")) == ("unknown", "Ana", text)


def test_a_text_that_starts_as_the_app_s_own_lines_is_marked() -> None:
    row = one("\u200eKod sigurnosti je promijenjen")
    assert (row["kind"], extra(row)) == ("text", {"mark": "its text starts as lines do that the app writes"})


# --- the chat and its owner


@pytest.mark.parametrize(
    "name",
    [
        "WhatsApp Chat with Ana.txt", "WhatsApp Chat mit Ana.txt", "Chat WhatsApp con Ana.txt", "Chat de WhatsApp con Ana.txt",
        "WhatsApp Ћаскање са Ana.txt", "WhatsApp razgovor s Ana.txt", "Biseda me Ana në WhatsApp.txt",
        "WhatsApp_Chat_with_Ana.txt", "Ana ile WhatsApp Sohbeti.txt", "Чат WhatsApp с контактом Ana.txt",
        "گفتگوی WhatsApp با Ana.txt", "WhatsApp Chat - Ana.TXT",
    ],
)  # fmt: skip
def test_the_name_of_the_file_names_the_chat(name: str) -> None:
    assert found(ANDROID, name)["messages"][0]["chat_name"] == "Ana"


def test_a_folder_names_the_chat_of_an_iphone(tmp_path) -> None:
    (tmp_path / "WhatsApp Chat - Ana").mkdir()
    (tmp_path / "WhatsApp Chat - Ana" / "_chat.txt").write_text(IPHONE, "utf-8")
    (tmp_path / "work").mkdir()
    source = open_source(tmp_path, work=tmp_path / "work", limits=Limits())
    entries = {item.path: item for item in source.walk() if isinstance(item, Entry)}
    file = File(entries["WhatsApp Chat - Ana/_chat.txt"], source, tmp_path / "work", evidence="test", find=entries.get)
    assert testing.read(chat, file)["messages"][0]["chat_name"] == "Ana"
    file.close()
    source.close()


def test_a_file_of_another_name_has_its_path_for_id() -> None:
    row = found(ANDROID, "izvoz.txt")["messages"][0]
    assert (row["chat_name"], row["chat_id"]) == ("izvoz", "izvoz.txt")
    assert found(IPHONE, "_chat.txt")["messages"][0]["chat_name"] == "test"  # the label of the evidence


TWO = "13.03.24, 07:00 - Ana: a\n13.03.24, 07:01 - Boro: b\n13.03.24, 07:02 - Ana: c\n13.03.24, 07:03 - Boro: d\n"


def test_the_other_one_of_two_exported_the_chat() -> None:
    rows = found(TWO, "WhatsApp Chat with Ana.txt")
    assert [(r["direction"], r["chat_kind"]) for r in rows["messages"][:2]] == [
        ("incoming", "direct"),
        ("outgoing", "direct"),
    ]
    (account,) = rows["accounts"]
    assert (account["name"], account["is_owner"], account["record"]) == ("Boro", True, "line 2")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (TWO, "WhatsApp Chat with Put.txt"),  # named after nobody who writes
        (TWO, "Ana.txt"),  # no name that the app gives
        (TWO + "13.03.24, 07:04 - Ceca: e\n", "WhatsApp Chat with Ana.txt"),  # three write
        (
            TWO + "13.03.24, 07:04 - Ana: You deleted this message\n",
            "WhatsApp Chat with Ana.txt",
        ),  # says it was Ana's phone
        (TWO + "13.03.24, 07:04 - Messages to this group are now secured\n", "WhatsApp Chat with Ana.txt"),
    ],
)
def test_the_owner_stays_unknown_where_nothing_is_sure(text: str, name: str) -> None:
    rows = found(text, name)
    assert "accounts" not in rows
    assert {r["direction"] for r in rows["messages"]} <= {"unknown", "system"}


def test_own_deletions_are_said_of_a_member() -> None:
    rows = found(TWO + "13.03.24, 07:04 - Boro: Izbrisali ste ovu poruku\n")
    assert [p.get("extra") for p in rows["participants"]] == [None, '{"own_deletions": 1}']


# --- files


def zipped(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("archive", "inside"),
    [
        ("WhatsApp Chat - Put na jug.zip", "_chat.txt"),
        ("izvoz.zip", "WhatsApp razgovor s Put na jug.txt"),
        ("Chat WhatsApp con Put na jug.zip", "Chat WhatsApp con Put na jug.txt"),
    ],
)
def test_a_zip(tmp_path, archive: str, inside: str) -> None:
    picture = "00000012-PHOTO-2024-03-12-18-43-10.jpg"
    evidence, work = tmp_path / "evidence", tmp_path / "work"
    evidence.mkdir()
    work.mkdir()
    (evidence / archive).write_bytes(zipped(**{inside: IPHONE, picture: "picture"}))
    source = open_source(evidence / archive, work=work, limits=Limits())
    entries = {item.path: item for item in source.walk() if isinstance(item, Entry)}
    file = File(entries[inside], source, work, evidence="test", prefix=f"{archive}!/", find=entries.get)
    assert is_export(file)
    rows = testing.read(chat, file)
    assert {r["chat_name"] for r in rows["messages"]} == {"Put na jug"}
    assert rows["attachments"][0]["stored_path"] == picture
    file.close()
    source.close()


@pytest.mark.parametrize(
    ("text", "name", "claimed"),
    [
        (ANDROID, "note.txt", True),
        (IPHONE, "note.txt", True),
        ("[2024-03-12, 18:42] A: x\n[2024-03-12, 18:43] B: y\n", "note.txt", False),  # Signal, by another tool
        ("[2024-03-12 18:42:01] Me: x\n[2024-03-12 18:43:02] B: y\n", "note.txt", False),
        ("[2024-03-12 18:42:01] A: x\n[2024-03-12 18:43:02] B: y\n", "chat.md", False),
        ("[2024-03-12 18:42:01] A: x\n[2024-03-12 18:43:02] B: y\n", "note.txt", True),  # an iPhone in Sweden
        ("[2024-03-12 18:42:01] local.ERROR: x\n[2024-03-12 18:43:02] local.INFO: y\n", "note.txt", False),
        ("2024-03-12 18:42:01 - started\n2024-03-12 18:43:02 - stopped\n", "note.txt", False),
        ("just a note\nof 12.03.24\n", "note.txt", False),
        ("12.03.24, 18:42 - Ana: x\n", "note.txt", False),
        ("12.03.24, 18:42 - Ana: x\n", "WhatsApp Chat with Ana.txt", True),
        ("۱۳۹۹/۵/۳, ۱۱:۲۰ - الف: سلام\n", "گفتگوی WhatsApp با الف.txt", True),
        ("", "_chat.txt", False),
    ],
)
def test_what_is_claimed(text: str, name: str, claimed: bool) -> None:
    with testing.placed(text.encode(), name=name) as file:
        assert is_export(file) is claimed


@pytest.mark.parametrize("text", [ANDROID, IPHONE])
def test_it_keeps_the_promises(text: str) -> None:
    assert [c for c in testing.check(chat, text.encode(), name="WhatsApp Chat with Put.txt") if c.fault] == []


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 5000, b"\xff" * 300, b"12.03.24, 18:42 - \xff\xfe: \xff\n" * 3, b"x\n" * 10]
)
def test_other_content_never_makes_it_raise(content: bytes) -> None:
    rows = testing.rows(chat, content, name="_chat.txt")
    assert not [p for p in rows.get("problems", []) if " stopped: " in p["message"]]


# --- the corpus


def test_corpus(corpus, manifest) -> None:
    counts = {
        "lorem.txt": (500, "2020-01-15T02:22:56", "2020-05-11T22:32:48"),
        "lorem-merge-part1.txt": (300, "2019-10-20T10:16:00", "2020-01-10T00:00:00"),
        "pokemon.txt": (20, "2016-04-15T15:04:00", "2016-10-31T12:23:00"),
        "test_[mmddyy]_24hrs.txt": (9, "2019-01-01T11:25:00", "2021-12-30T22:01:00"),
        "test_ddmmyy_24hrs.txt": (9, "2019-01-01T11:25:00", "2021-12-30T22:01:00"),
        "test_mmddyyyy_12hrs.txt": (9, "2019-01-01T11:25:00", "2021-12-30T22:01:00"),
    }
    for name, (count, first, last) in counts.items():
        rows = testing.rows(chat, corpus / "chats" / "text-exports" / name)
        assert "problems" not in rows, name
        times = [row["sent_local"].isoformat() for row in rows["messages"]]
        assert (len(times), times[0], times[-1]) == (count, first, last), name


def test_corpus_row_by_row(corpus) -> None:
    for place in sorted((corpus / "chats" / "text-exports").glob("*.txt")):
        if place.name == "test_export.txt":
            continue
        lines = place.read_text("utf-8").removesuffix("\n").split("\n")
        rows = testing.rows(chat, place)["messages"]
        starts = [int(row["record"].removeprefix("line ")) for row in rows]
        assert starts[0] == 1
        for row, start, end in zip(rows, starts, [*starts[1:], len(lines) + 1], strict=True):
            whole = "\n".join(lines[start - 1 : end - 1])
            name, text = row.get("sender_name"), row.get("text", "")
            part = re.sub(r"^(\[[^\]]*\] |.*? - )", "", whole, count=1)
            assert part in ((f"{name}: {text}", f"{name}:{text}") if name else (text,)), (place.name, start)


def test_corpus_authors(corpus, manifest) -> None:
    for entry in manifest.values():
        if entry["format"] == "WhatsApp chat export .txt" and "authors" in entry["expected"]:
            rows = testing.rows(chat, corpus / entry["path"])["messages"]
            counted: dict[str, int] = {}
            for row in rows:
                if "sender_name" in row:
                    counted[row["sender_name"]] = counted.get(row["sender_name"], 0) + 1
            assert counted == entry["expected"]["authors"]["value"]


def test_corpus_messages(corpus, manifest) -> None:
    seen = 0
    for entry in manifest.values():
        if entry["format"] == "WhatsApp chat export .txt" and "messages" in entry["expected"]:
            rows = testing.rows(chat, corpus / entry["path"])["messages"]
            ours = [
                (row["sent_local"].isoformat(), row["sender_name"], row["text"].replace("\n", " "))
                for row in rows
                if "sender_name" in row and row["kind"] == "text"
            ]
            said = [(m["timestamp"], m["author"], m["message"]) for m in entry["expected"]["messages"]["value"]]
            assert ours == said[::-1]
            seen += 1
    assert seen == 3
