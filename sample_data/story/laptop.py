"""Everything on the laptop that is not a wallet: a chat export, an exchange statement, notes, odd and broken files."""

from .money import TRC20_KARIM, USDT_TXID, receiving
from .people import LAPTOP_USER, PEOPLE
from .photos import plain_photo
from .script import Message, belgrade
from .seed import draw
from .whatsapp_android import OWNER as DRIVER

HOME = f"Users/{LAPTOP_USER}/"
EXPORTED_ON = "2025-10-28T18:00"
NAMES = {"nenad": "Nenad", "mirko": "Mirko S"}

MARKUP_NAME = HOME + "Documents/&lt;img src=x onerror=alert(1)&gt; =1+1.txt"
BIDI_NAME = HOME + "Documents/dogovor_\u202efdp.txt"
CUT_DATABASE = HOME + "Documents/stari telefon/msgstore.db"
UNKNOWN = HOME + "Downloads/nepoznato.dat"
CHAT_EXPORT = HOME + "Documents/WhatsApp Chat with Nenad.txt"
WITHDRAWALS = HOME + "Downloads/Withdraw History 2025-10.csv"


def files(messages: list[Message], message_store: bytes) -> dict[str, bytes]:
    return {
        CHAT_EXPORT: chat_export(exported_messages(messages)),
        WITHDRAWALS: withdrawals(),
        MARKUP_NAME: notes(),
        BIDI_NAME: "Dogovor je usmen. Ovaj fajl je običan tekst.\n".encode(),
        CUT_DATABASE: message_store[:60_000],
        UNKNOWN: b"SPM\x01" + draw("unknown file", 2_044),
        HOME + "Pictures/kafa.jpg": plain_photo("kafa", "city"),
        HOME + "Pictures/Drina.jpg": plain_photo("Drina", "river"),
    }


def exported_messages(messages: list[Message]) -> list[Message]:
    """The chat with the driver up to the evening it was exported."""
    return [each for each in messages if each.chat.key == "mirko" and each.at.isoformat() < EXPORTED_ON]


def chat_export(messages: list[Message]) -> bytes:
    """ "Export chat" of the Android app, English, day before month, on the clock of Belgrade."""
    first = f"{belgrade(messages[0].at):%d/%m/%Y, %H:%M}"
    lines = [f"{first} - Messages and calls are end-to-end encrypted. Only people in this chat can read them."]
    lines += [f"{belgrade(each.at):%d/%m/%Y, %H:%M} - {NAMES[each.sender]}: {exported_text(each)}" for each in messages]
    return ("\n".join(lines) + "\n").encode()


def exported_text(message: Message) -> str:
    if "deleted" in message.tags:
        return "You deleted this message" if message.sender == LAPTOP_USER else "This message was deleted"
    if "wal_edit" in message.tags:
        return message.tags["wal_edit"] + " <This message was edited>"
    return message.text or ""


def withdrawals() -> bytes:
    """An exchange's statement of withdrawals, in the layout Binance publishes."""
    rows = (
        "Date(UTC+0),Coin,Network,Amount,Fee,Address,TXID,Status",
        f"2025-10-16 12:58:31,USDT,TRX,1200,1,{TRC20_KARIM},{USDT_TXID},Completed",
        f"2025-09-03 09:12:04,BTC,BTC,0.004,0.00001,{receiving(9)},,Cancelled",
    )
    return ("\n".join(rows) + "\n").encode()


def notes() -> bytes:
    haris, driver = PEOPLE["haris"].phone, PEOPLE[DRIVER].phone
    lines = (
        "R. 4 osobe: 6000 keš kod E. (ZAFRAN-4471), 0.0125 + 0.02 BTC kod mene",
        f"H. {haris}: 0.006 BTC, kuća i čamac",
        f"N. {driver}: 3000",
        "K.: 1200 USDT, plaćeno 16.10.2025.",
        "G. 600, B. 480, L. 950 EUR keš",
        f'=HYPERLINK("http://prize.example/","{receiving(0)}")',
    )
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
