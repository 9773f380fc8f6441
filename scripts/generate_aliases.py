"""The countryinfo package and the overlay below go in; index/aliases.toml comes out.

Run once, when the table is to be made anew: ``python scripts/generate_aliases.py > index/aliases.toml``
(``pip install countryinfo==1.0.1``, MIT, is needed for this only). The table is meant to be edited by
hand afterwards; what countryinfo lacks or has wrong is put right in the overlay.
"""

import json
import re
import sys
from dataclasses import dataclass, field
from importlib.resources import files

HEADER = """\
# Who is meant by which name. Read when the service starts and when documents are indexed.
#
# What you can change, and what happens:
#   names      other full names and acronyms of the actor ("Russian Federation", "UN")
#   demonyms   words for its people and things ("Russian", "Russians")
#   capitals   the seat of its government, which also is a place ("Moscow": not in "Moscow Olympics")
#   metonyms   a house, an office or a government that stands for it ("Kremlin", "Obama administration")
#   kind       country, former, organisation or group: to read, nothing depends on it
#   heir       a surface may be listed twice if one of the two actors names the other one as its heir:
#              "Moscow" is Russia, but the Soviet Union in a document that names the Soviet Union more
# An actor is always known by its own `name` too. Capital letters count: "US" is not "us".
# A new actor is a new [[actor]] with a `name`; every list may be left out.
# `phrases` are words in which a name is no actor. `words` are names that are English words in lower
# case: where people type a question without capitals, these are not taken for names.
# After a change index the documents again.
"""

PHRASES = [
    "New Jersey", "New Mexico", "New England", "Indian Ocean", "Gulf of Mexico", "South China Sea",
    "East China Sea", "Sea of Japan", "Panama Canal", "English Channel", "Washington Post",
    "Washington Times", "Washington State", "George Washington", "Moscow Times", "American Indian",
    "American Indians", "Latin American", "Latin America", "North American", "South American",
    "Central American", "North America", "South America", "Central America",
    "New Delhi Television", "Turkish delight", "Michael Jordan", "Jordan River", "Jordan Valley",
    "Black Sea", "Taiwan Strait", "Cuban Missile Crisis", "Vietnam War", "Korean War", "Gulf War",
    "Afghan War", "Iraq War", "Chechen War",
]  # fmt: skip

WORDS = [
    "us", "turkey", "turkeys", "jordan", "chad", "polish", "pole", "poles", "who", "guinea", "swede",
    "swedes", "scot", "scots", "turk", "finn", "dane", "lima", "georgetown", "victoria", "niue",
    "the west", "au", "quad", "togo", "swift", "bern", "male", "thai", "china-ware", "chinaware",
]  # fmt: skip

#: Capitals that are better known as a person, another town or a word.
NOT_CAPITALS = {
    "The Valley", "Hamilton", "Stanley", "Douglas", "Victoria", "City of Victoria", "George Town",
    "Georgetown", "Jamestown", "San Juan", "San José", "Kingstown", "Saint John's", "St. George's",
    "Saint-Denis", "Saint-Pierre", "Saint Helier", "St. Peter Port", "Road Town", "Charlotte Amalie",
    "Gustavia", "Marigot", "Alofi", "West Island", "Flying Fish Cove", "Gibraltar", "Monaco", "Djibouti",
    "Luxembourg", "Singapore", "Jerusalem", "Vatican City State", "Washington D.C.", "Malé", "Castries",
    "Cockburn Town", "Mariehamn", "Saipan", "Diego Garcia", "King Edward Point", "Kingston",
    "Port Louis", "Port of Spain", "Plymouth", "Roseau", "Philipsburg", "Basseterre", "Basse-Terre",
    "Fort-de-France", "Port-aux-Français", "Guatemala City", "Panama City", "Mexico City", "Kuwait City",
    "City of San Marino", "Kralendijk / Oranjestad / The Bottom", "Avarua", "Fakaofo", "Adamstown",
    "Amsterdam", "Sucre", "Dodoma", "Nur-Sultan", "Santiago", "Freetown",
}  # fmt: skip

#: Not an actor of its own, or told better below.
SKIPPED = {
    "Antilles néerlandaises", "Serbia and Montenegro", "Burma", "Palestine, State of", "Jersey",
    "Vatican City State", "Bouvet Island", "Heard Island and McDonald Islands",
    "United States Minor Outlying Islands", "British Indian Ocean Territory", "Wales", "Scotland",
    "French Southern and Antarctic Lands", "South Georgia", "Mayotte", "Réunion", "Martinique",
}  # fmt: skip

RENAMED = {
    "The Bahamas": "Bahamas",
    "The Gambia": "Gambia",
    "Republic of Macedonia": "North Macedonia",
    "Swaziland": "Eswatini",
    "Holy See (Vatican City State)": "Holy See",
    "Virgin Islands, British": "British Virgin Islands",
    "Virgin Islands, U.S.": "U.S. Virgin Islands",
    "Cape Verde": "Cabo Verde",
    "Federated States of Micronesia": "Micronesia",
}

OFFICIAL = re.compile(
    r"\b(Republic|Kingdom|States?|Federation|Commonwealth|Union|Principality|Sultanate|Confederation|"
    r"Duchy|DR Congo|Great Britain|Czechia|Holland|Eswatini|Timor-Leste|Brunei Darussalam|Viet Nam|"
    r"Cabo Verde|Congo-Brazzaville|Congo-Kinshasa|Bosnia-Herzegovina|North Macedonia)\b"
)
ACRONYMS = {"UK", "UAE", "USA", "DRC"}
#: Words of the table that another actor owns, or that are no English name.
NOT_NAMES = {"Republic of China", "State of Eritrea", "the State of Palestine", "Umbuso waseSwatini"}
NOT_DEMONYMS = {"Channel Islander", "Motswana", "Mosotho", "Vaticanian", "Guinea-Bissauan"}
SAME_IN_PLURAL = ("ese", "ish", "ch", "ss", "s", "z", "ino", "Thai", "Manx", "Malagasy")

ADMINISTRATIONS = [
    "Truman", "Eisenhower", "Kennedy", "Johnson", "Nixon", "Ford", "Carter", "Reagan", "Bush", "Clinton",
    "Obama", "Trump", "Biden",
]  # fmt: skip


@dataclass(slots=True)
class Actor:
    """One entry of the table while it is put together."""

    name: str
    kind: str = "country"
    names: list[str] = field(default_factory=list)
    demonyms: list[str] = field(default_factory=list)
    capitals: list[str] = field(default_factory=list)
    metonyms: list[str] = field(default_factory=list)
    heir: str = ""


OVERLAY = [
    Actor(
        "United States",
        names=["US", "U.S.", "U.S", "USA", "U.S.A.", "America", "United States of America"],
        demonyms=["American", "Americans"],
        capitals=["Washington", "Washington, D.C.", "Washington DC"],
        metonyms=["White House", "Pentagon", "State Department", "Department of State", "Oval Office",
                  "Department of Defense", "Department of Energy", "Department of Commerce",
                  "Department of the Treasury", "Treasury Department", "Capitol Hill", "Langley",
                  *(f"{name} administration" for name in ADMINISTRATIONS),
                  *(f"{name} Administration" for name in ADMINISTRATIONS)],
    ),
    Actor("Russia", demonyms=["Russian", "Russians"], metonyms=["Kremlin"]),
    Actor("United Kingdom", names=["U.K.", "Britain", "Great Britain", "England"],
          demonyms=["Briton", "Britons"], metonyms=["Whitehall", "Downing Street", "Foreign Office"]),
    Actor("China", names=["PRC", "Communist China", "Red China"]),
    Actor("North Korea", names=["DPRK"]),
    Actor("South Korea", names=["ROK"], metonyms=["Blue House"]),
    Actor("Afghanistan", demonyms=["Afghani"]),
    Actor("India", capitals=["Delhi"]),
    Actor("Pakistan", metonyms=["Rawalpindi"]),
    Actor("Iran", capitals=["Teheran"], names=["Islamic Republic"], demonyms=["Persian", "Persians"]),
    Actor("Israel", metonyms=["Knesset"]),
    Actor("Saudi Arabia", demonyms=["Saudi", "Saudis"]),
    Actor("Turkey", names=["Türkiye", "Turkiye"], demonyms=["Turk", "Turks"]),
    Actor("France", metonyms=["Élysée", "Elysee", "Quai d'Orsay"], demonyms=["Frenchman", "Frenchmen"]),
    Actor("Germany", metonyms=["Bundestag"]),
    Actor("Ukraine", capitals=["Kiev"]),
    Actor("Poland", demonyms=["Pole", "Poles"]),
    Actor("Spain", demonyms=["Spaniard", "Spaniards"]),
    Actor("Denmark", demonyms=["Dane", "Danes"]),
    Actor("Finland", demonyms=["Finn", "Finns"]),
    Actor("Sweden", demonyms=["Swede", "Swedes"]),
    Actor("Iceland", demonyms=["Icelandic"]),
    Actor("Ireland", demonyms=["Irishman"]),
    Actor("Argentina", demonyms=["Argentine", "Argentines", "Argentinian", "Argentinians"]),
    Actor("Kazakhstan", demonyms=["Kazakh", "Kazakhs"], capitals=["Astana"]),
    Actor("Uzbekistan", demonyms=["Uzbek", "Uzbeks"]),
    Actor("Tajikistan", demonyms=["Tajik", "Tajiks"]),
    Actor("Kyrgyzstan", demonyms=["Kyrgyz"]),
    Actor("Kosovo", demonyms=["Kosovar", "Kosovars"], capitals=["Pristina"]),
    Actor("Philippines", demonyms=["Filipinos", "Philippine"]),
    Actor("Serbia", demonyms=["Serb", "Serbs"]),
    Actor("Croatia", demonyms=["Croat", "Croats"]),
    Actor("Bosnia and Herzegovina", names=["Bosnia"], demonyms=["Bosnian", "Bosnians"]),
    Actor("Slovenia", demonyms=["Slovenian", "Slovenians"]),
    Actor("Slovakia", demonyms=["Slovakian"]),
    Actor("Bangladesh", capitals=["Dacca"]),
    Actor("Dominican Republic", demonyms=["Dominican", "Dominicans"]),
    Actor("Czech Republic", demonyms=["Czechs"]),
    Actor("Vietnam", names=["Viet Nam", "Socialist Republic of Vietnam"]),
    Actor("Myanmar", names=["Burma"], capitals=["Rangoon"]),
    Actor("Ivory Coast", names=["Côte d'Ivoire", "Cote d'Ivoire"]),
    Actor("Holy See", names=["Vatican City"], metonyms=["Vatican"]),
    Actor("Botswana", demonyms=["Batswana"]),
    Actor("Nepal", demonyms=["Nepali", "Nepalis"]),
    Actor("Switzerland", capitals=["Berne"]),
    Actor("Brazil", capitals=["Brasilia"]),
    Actor("Colombia", capitals=["Bogota"]),
    Actor("Chile", metonyms=["La Moneda"]),
    Actor("Mexico", metonyms=["Los Pinos"]),
    Actor("Palestine", names=["State of Palestine"], demonyms=["Palestinian", "Palestinians"]),
    Actor("Scotland", demonyms=["Scottish", "Scot", "Scots"]),
    Actor("Wales", demonyms=["Welsh"]),
    Actor("Taiwan", names=["Republic of China"]),
    Actor("Soviet Union", "former", names=["USSR", "U.S.S.R."], demonyms=["Soviet", "Soviets"],
          capitals=["Moscow"], metonyms=["Kremlin", "Politburo"], heir="Russia"),
    Actor("North Vietnam", "former", names=["Democratic Republic of Vietnam"],
          demonyms=["North Vietnamese"], capitals=["Hanoi"], heir="Vietnam"),
    Actor("South Vietnam", "former", names=["Republic of Vietnam"], demonyms=["South Vietnamese"],
          capitals=["Saigon"]),
    Actor("East Germany", "former", names=["GDR", "German Democratic Republic"],
          demonyms=["East German", "East Germans"], capitals=["East Berlin"]),
    Actor("West Germany", "former", demonyms=["West German", "West Germans"], capitals=["Bonn"]),
    Actor("Czechoslovakia", "former", demonyms=["Czechoslovak", "Czechoslovaks"],
          capitals=["Prague"], heir="Czech Republic"),
    Actor("Yugoslavia", "former", demonyms=["Yugoslav", "Yugoslavs"], capitals=["Belgrade"], heir="Serbia"),
    Actor("NATO", "organisation", names=["North Atlantic Treaty Organization", "North Atlantic Council",
                                         "Atlantic Alliance"]),
    Actor("European Union", "organisation", names=["EU", "E.U."],
          metonyms=["European Commission", "European Council"]),
    Actor("United Nations", "organisation",
          names=["UN", "U.N.", "UN Security Council", "U.N. Security Council", "Security Council",
                 "United Nations Security Council", "UN General Assembly", "General Assembly"]),
    Actor("IAEA", "organisation", names=["International Atomic Energy Agency"]),
    Actor("International Monetary Fund", "organisation", names=["IMF"]),
    Actor("World Bank", "organisation"),
    Actor("World Trade Organization", "organisation", names=["WTO"]),
    Actor("World Health Organization", "organisation", names=["WHO"]),
    Actor("International Criminal Court", "organisation", names=["ICC"]),
    Actor("International Court of Justice", "organisation", names=["ICJ"]),
    Actor("OSCE", "organisation", names=["Organization for Security and Co-operation in Europe"]),
    Actor("OPEC", "organisation", names=["Organization of the Petroleum Exporting Countries", "OPEC+"]),
    Actor("OECD", "organisation", names=["Organisation for Economic Co-operation and Development"]),
    Actor("ASEAN", "organisation", names=["Association of Southeast Asian Nations"]),
    Actor("African Union", "organisation", names=["AU"]),
    Actor("Arab League", "organisation", names=["League of Arab States"]),
    Actor("Gulf Cooperation Council", "organisation", names=["GCC"]),
    Actor("Shanghai Cooperation Organisation", "organisation",
          names=["SCO", "Shanghai Cooperation Organization"]),
    Actor("CSTO", "organisation", names=["Collective Security Treaty Organization"]),
    Actor("Commonwealth of Independent States", "organisation", names=["CIS"]),
    Actor("G7", "organisation", names=["G-7", "Group of Seven"]),
    Actor("G20", "organisation", names=["G-20", "Group of Twenty"]),
    Actor("BRICS", "organisation"),
    Actor("Warsaw Pact", "organisation"),
    Actor("Red Cross", "organisation", names=["ICRC", "International Committee of the Red Cross"]),
    Actor("Taliban", "organisation", names=["Taleban", "Afghan Taliban", "Islamic Emirate"]),
    Actor("Pakistani Taliban", "organisation", names=["TTP", "Tehrik-i-Taliban Pakistan"]),
    Actor("Al-Qaeda", "organisation", names=["Al Qaeda", "al-Qaeda", "al Qaeda", "Al-Qaida", "al-Qaida"]),
    Actor("Islamic State", "organisation", names=["ISIS", "ISIL", "Daesh",
                                                  "Islamic State of Iraq and Syria"]),
    Actor("Hamas", "organisation"),
    Actor("Hezbollah", "organisation", names=["Hizbullah", "Hizballah"]),
    Actor("Houthis", "organisation", names=["Houthi", "Ansar Allah"]),
    Actor("Viet Cong", "organisation", names=["Vietcong"]),
    Actor("Palestine Liberation Organization", "organisation", names=["PLO"]),
    Actor("Palestinian Authority", "organisation", names=["Palestinian National Authority"]),
    Actor("Arab states", "group", names=["Arab countries", "Arab nations", "Arab governments"],
          demonyms=["Arab", "Arabs"]),
    Actor("Europe", "group", demonyms=["European", "Europeans"]),
    Actor("the West", "group", names=["Western powers", "Western governments", "Western countries"]),
]  # fmt: skip


def main() -> None:
    """Print the table."""
    actors = {actor.name: actor for actor in map(_country, _raw_countries()) if actor}
    for extra in OVERLAY:
        _merge(actors.setdefault(extra.name, Actor(extra.name, extra.kind)), extra)
    _one_owner_each(actors)
    sys.stdout.write(HEADER + "\n" + _list("phrases", PHRASES) + _list("words", WORDS))
    for actor in sorted(actors.values(), key=lambda actor: actor.name):
        sys.stdout.write("\n" + _entry(actor))


def _raw_countries() -> list[dict[str, object]]:
    folders = [files("countryinfo") / "data", files("countryinfo") / "data_no_iso"]
    found = [path for folder in folders for path in folder.iterdir() if path.name.endswith(".json")]
    found.sort(key=lambda path: path.name)
    return [json.loads(path.read_text(encoding="utf-8")) for path in found]


def _country(raw: dict[str, object]) -> Actor | None:
    name = raw.get("name")
    if not isinstance(name, str) or name in SKIPPED:
        return None
    name = RENAMED.get(name, name)
    others = [spelling for spelling in _strings(raw.get("altSpellings")) if _is_name(spelling)]
    demonyms = [] if raw.get("demonym") in NOT_DEMONYMS else _demonyms(raw.get("demonym"))
    capitals = [town for town in _strings(raw.get("capital")) if town not in NOT_CAPITALS]
    return Actor(name, names=others, demonyms=demonyms, capitals=capitals)


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text.strip() for text in values if isinstance(text, str) and text.strip()]


def _is_name(spelling: str) -> bool:
    plain = spelling.isascii() and "," not in spelling and "(" not in spelling
    return plain and spelling not in NOT_NAMES and (spelling in ACRONYMS or bool(OFFICIAL.search(spelling)))


def _demonyms(value: object) -> list[str]:
    singles = [part for text in _strings(value) for part in re.split(r"[,/]| and ", text)]
    plurals = [single + "s" for single in singles if not single.endswith(SAME_IN_PLURAL)]
    return singles + plurals


def _merge(actor: Actor, extra: Actor) -> None:
    for part in ("names", "demonyms", "capitals", "metonyms"):
        known = getattr(actor, part)
        known.extend(surface for surface in getattr(extra, part) if surface not in known)
    actor.heir = extra.heir


def _one_owner_each(actors: dict[str, Actor]) -> None:
    """Drop a surface that an earlier actor has; an actor's own name and its heir's surfaces excepted."""
    owner = {name: name for name in actors}
    ranked = {extra.name for extra in OVERLAY}
    for actor in sorted(actors.values(), key=lambda actor: (bool(actor.heir), actor.name not in ranked)):
        for part in ("names", "demonyms", "capitals", "metonyms"):
            kept = [surface for surface in getattr(actor, part) if _may_keep(actor, surface, owner)]
            setattr(actor, part, list(dict.fromkeys(kept)))


def _may_keep(actor: Actor, surface: str, owner: dict[str, str]) -> bool:
    if surface == actor.name:
        return False
    return owner.setdefault(surface, actor.name) in (actor.name, actor.heir)


def _entry(actor: Actor) -> str:
    lines = ["[[actor]]\n", f"name = {_quoted(actor.name)}\n", f"kind = {_quoted(actor.kind)}\n"]
    if actor.heir:
        lines.append(f"heir = {_quoted(actor.heir)}\n")
    parts = ("names", "demonyms", "capitals", "metonyms")
    lines.extend(_list(part, getattr(actor, part)) for part in parts if getattr(actor, part))
    return "".join(lines)


def _list(key: str, values: list[str]) -> str:
    line = f"{key} = [{', '.join(map(_quoted, values))}]\n"
    if len(line) <= 110:
        return line
    return f"{key} = [\n" + "".join(f"  {_quoted(value)},\n" for value in values) + "]\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    main()
