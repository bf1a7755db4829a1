"""Who is in the story. All of them are invented; how the numbers were chosen is in sample_data/README.md."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """One invented person.

    `role` is what the invented examiner set in the invented case, in the words of Directive (EU) 2016/680 Art. 6;
    the toolkit itself never infers one. `calls_self` is the name a person gave themselves in the app.
    """

    key: str
    phone: str
    name: str
    calls_self: str
    role: str
    about: str
    lid: str | None = None
    minor: bool = False

    @property
    def jid(self) -> str:
        return self.phone.removeprefix("+") + "@s.whatsapp.net"


PEOPLE = {
    person.key: person
    for person in (
        Person(
            "nenad",
            "+381640000123",
            "Nenad Lukić",
            "Nenad",
            "suspect",
            "Owner of the Android phone. Drives, and finds drivers for each leg. Serbian.",
        ),
        Person(
            "mirko",
            "+381630000199",
            "Mirko Savić",
            "M.",
            "suspect",
            "Owner of the laptop, Belgrade. Receives the crypto-currency payments. Serbian.",
        ),
        Person(
            "samira",
            "+93700000145",
            "Samira Rahimi",
            "سمیرا",
            "victim_presumed",
            "Owner of the iPhone. Nurse from Herat, on the road with her husband and two children. Dari, English.",
            lid="118273645500145@lid",
        ),
        Person(
            "farid",
            "+93700000146",
            "Farid Rahimi",
            "فرید رحیمی",
            "victim_presumed",
            "Samira's husband. Teacher. Dari.",
        ),
        Person(
            "zahra",
            "+436600000124",
            "Zahra Rahimi",
            "Zahra",
            "witness",
            "Samira's sister in Vienna. Pays for the family, partly in bitcoin. Dari.",
        ),
        Person(
            "karim",
            "+963944000128",
            "Abu Karim",
            "أبو كريم",
            "suspect",
            "Puts families in touch with drivers and takes a commission. Arabic, English.",
        ),
        Person(
            "emre",
            "+905310000187",
            "Emre",
            "Emre",
            "unknown",
            "Exchange office in Istanbul; keeps the deposit against a code. Turkish.",
        ),
        Person(
            "goce",
            "+38970000134",
            "Goce",
            "Гоце",
            "suspect",
            "Drives from Gevgelija to the north of North Macedonia. Macedonian.",
        ),
        Person(
            "blerim",
            "+38344000116",
            "Blerim",
            "Blerim",
            "suspect",
            "Drives between Kumanovo, Preševo and Prishtina. Albanian, Serbian.",
        ),
        Person(
            "marko",
            "+38267000152",
            "Marko",
            "Marko CG",
            "unknown",
            "Offers a way through Montenegro that is not used in the end. Montenegrin.",
        ),
        Person(
            "haris",
            "+38761000171",
            "Haris",
            "Haris",
            "suspect",
            "Keeps the house near Bihać where the family is held until more money comes. Bosnian.",
        ),
        Person(
            "luka",
            "+385910000163",
            "Luka",
            "Luka",
            "unknown",
            "Is to collect the family in Croatia and drive to Slovenia. Croatian, English.",
        ),
        Person(
            "lejla",
            "+38761000178",
            "Lejla",
            "Lejla P.",
            "contact",
            "Lawyer of an invented legal-aid group in Bihać. Her thread shows where privilege rules apply.",
        ),
        Person(
            "omid",
            "+93700000147",
            "Omid Rahimi",
            "امید",
            "witness",
            "Samira's cousin, 16, travelling some days behind with other people.",
            minor=True,
        ),
        Person(
            "stranger",
            "+381600000177",
            "a stranger",
            "<script>alert('push name')</script>",
            "unknown",
            "A number nobody saved. Sends texts made to break a careless viewer.",
        ),
    )
}

UNRESOLVED_LID = "104455667788990@lid"
OWNERS = {"android_phone": "nenad", "iphone": "samira"}
LAPTOP_USER = "mirko"

# What the owner of each phone wrote into the address book; a number that is not here was never saved.
ADDRESS_BOOKS = {
    "android_phone": {
        "mirko": "Mirko Savić",
        "samira": "Samira porodica",
        "farid": "Samirin muž",
        "karim": "أبو كريم",
        "emre": "Emre Döviz",
        "goce": "Гоце Гевгелија",
        "blerim": "Blerim",
        "marko": "Marko Bijelo Polje",
        "haris": "Haris Bihać",
        "luka": "Luka ZG",
    },
    "iphone": {
        "nenad": "Nenad driver",
        "farid": "فرید",
        "zahra": "زهرا (وین)",
        "karim": "ابو کریم",
        "emre": "Emre صراف",
        "lejla": "Lejla (pravna pomoć)",
        "omid": "امید",
    },
}
