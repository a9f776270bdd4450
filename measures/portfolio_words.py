"""Words of the illustrative measures in Finnish, Swedish and English: what is done, and in which service.

Our own invention: no programme file lists measures. A name is an act and a service.
"""

Words = tuple[str, str, str]

#: Acts by a word in the theme's or goal's key, so that they suit what the goal is about; "" suits all.
ACTS: dict[str, list[Words]] = {
    "digi": [
        ("Etävastaanotto", "Distansmottagning", "Remote reception"),
        ("Sähköinen ajanvaraus", "Elektronisk tidsbokning", "Online booking"),
        ("Digitaalinen asiakaspolku", "Digital klientstig", "Digital client pathway"),
        ("Omaseuranta laitteilla", "Egenuppföljning med apparater", "Self-monitoring with devices"),
        ("Keskitetty asiakasohjaus", "Centraliserad klienthandledning", "Central client guidance"),
        ("Chat ja takaisinsoitto", "Chatt och återuppringning", "Chat and call-back"),
        ("Ohjelmistorobotti", "Programvarurobot", "Software robot"),
        ("Puheentunnistus kirjaamiseen", "Taligenkänning i dokumentering", "Speech recognition for records"),
        ("Sähköiset lomakkeet", "Elektroniska blanketter", "Electronic forms"),
        ("Digitaalinen neuvonta", "Digital rådgivning", "Digital advice"),
        ("Järjestelmien yhdistäminen", "Sammanslagning av system", "Merging of systems"),
    ],
    "palveluverkko": [
        ("Toimipisteiden yhdistäminen", "Sammanslagning av verksamhetsställen", "Merging of service points"),
        ("Liikkuva palvelu", "Mobil tjänst", "Mobile service"),
        ("Kotiin vietävä palvelu", "Tjänst i hemmet", "Service brought home"),
        ("Tilojen yhteiskäyttö", "Gemensam användning av lokaler", "Shared premises"),
        ("Vuokrasopimuksen päättäminen", "Uppsägning av hyresavtal", "Ending a lease"),
        ("Kumppanuussopimus kuntien kanssa", "Partnerskapsavtal med kommunerna", "Partnership with municipalities"),
        ("Aukioloaikojen sovittaminen", "Anpassning av öppettider", "Adjusted opening hours"),
    ],
    "ostopalvelut": [
        ("Tuotantotapa-analyysi", "Analys av produktionssätt", "Production mode analysis"),
        ("Oston siirto omaksi työksi", "Köp till egen produktion", "From purchase to own production"),
        ("Puitesopimuksen kilpailutus", "Konkurrensutsättning av ramavtal", "Tender of a framework contract"),
        ("Vuokratyön vähentäminen", "Mindre hyrd arbetskraft", "Less agency labour"),
        ("Palvelusetelin hinnoittelu", "Prissättning av servicesedel", "Pricing of service vouchers"),
        ("Sopimusten hallinta", "Avtalshantering", "Contract management"),
        ("Ostojen ohjaus yhteen paikkaan", "Samlad styrning av inköp", "One place to steer purchases"),
        ("Kalliiden ostojen seuranta", "Uppföljning av dyra köp", "Follow-up of costly purchases"),
    ],
    "henkilosto": [
        ("Oma varahenkilöstö", "Egen reservpersonal", "Own substitute staff"),
        ("Toimintalähtöinen työvuorosuunnittelu", "Verksamhetsbaserad skiftplanering", "Activity-based rosters"),
        ("Tehtävien uusi jako", "Ny arbetsfördelning", "New division of duties"),
        ("Joustava työaika", "Flexibel arbetstid", "Flexible working time"),
        ("Rekrytointi digitaalisesti", "Digital rekrytering", "Digital recruitment"),
        ("Työkyvyn tuki", "Stöd för arbetsförmågan", "Support for work ability"),
        ("Perehdytyksen ohjelma", "Introduktionsprogram", "Induction programme"),
    ],
    "": [
        ("Toimintatavan uudistus", "Förnyat arbetssätt", "New way of working"),
        ("Palvelun yhtenäistäminen", "Enhetlig tjänst", "Unified service"),
        ("Prosessin lyhentäminen", "Kortare process", "Shorter process"),
        ("Yhteinen suunnittelu", "Gemensam planering", "Joint planning"),
        ("Hankintojen uudistus", "Förnyade upphandlingar", "Renewed procurement"),
        ("Tilankäytön tiivistäminen", "Effektivare lokaler", "Denser use of premises"),
    ],
}  # fmt: skip

#: Services by the sector's key; "" suits any sector.
SERVICES: dict[str, list[Words]] = {
    "tespa": [
        ("avovastaanotot", "öppenmottagningar", "outpatient reception"),
        ("suun terveydenhuolto", "mun- och tandvård", "oral health care"),
        ("kuntoutus", "rehabilitering", "rehabilitation"),
        ("päivystys", "jour", "emergency care"),
        ("mielenterveyspalvelut", "mentalvård", "mental health services"),
        ("osastohoito", "avdelningsvård", "ward care"),
        ("kuvantaminen", "bilddiagnostik", "imaging"),
        ("leikkaustoiminta", "operationsverksamhet", "surgery"),
        ("hoitotarvikkeet", "vårdartiklar", "care supplies"),
    ],
    "sospa": [
        ("kotihoito", "hemvård", "home care"),
        ("lapsiperheiden palvelut", "tjänster för barnfamiljer", "family services"),
        ("vammaispalvelut", "funktionshinderservice", "disability services"),
        ("asumispalvelut", "boendeservice", "housing services"),
        ("päihdepalvelut", "missbrukarvård", "substance abuse services"),
        ("lastensuojelu", "barnskydd", "child welfare"),
        ("aikuissosiaalityö", "vuxensocialarbete", "adult social work"),
        ("omaishoito", "närståendevård", "informal care"),
    ],
    "pela": [
        ("ensihoito", "prehospital akutsjukvård", "emergency medical service"),
        ("pelastustoiminta", "räddningsverksamhet", "rescue operations"),
        ("onnettomuuksien ehkäisy", "förebyggande av olyckor", "accident prevention"),
        ("kalusto", "materiel", "equipment"),
    ],
    "": [
        ("tietohallinto", "informationsförvaltning", "information management"),
        ("hankinnat", "upphandling", "procurement"),
        ("toimitilat", "lokaler", "premises"),
        ("henkilöstöpalvelut", "personaltjänster", "human resources"),
        ("ateria- ja puhtauspalvelut", "kost- och städtjänster", "catering and cleaning"),
        ("kuljetukset", "transporter", "transport"),
        ("asiakasmaksut ja laskutus", "klientavgifter och fakturering", "client fees and invoicing"),
        ("arkistot", "arkiv", "archives"),
    ],
}

PHASE: Words = ("osa", "del", "part")
ILLUSTRATIVE: Words = (
    "Havainnollistava esimerkki, ei ohjelman oma toimenpide.",
    "Åskådliggörande exempel, inte programmets egen åtgärd.",
    "An illustration, not a measure of the programme itself.",
)
ONE_OFF_BASIS = "Muutto-, käyttöönotto- tai koulutuskulu, arvio."
LASTING_BASIS = "Määrä x yksikköhinta x kuukaudet, havainnollistava arvio."

#: Projects of a theme: the k-th name of each.
PROJECTS: dict[str, list[Words]] = {
    "digi": [
        ("Digitaalinen sote-keskus", "Digital social- och hälsovårdscentral", "Digital health and social centre"),
        ("Neuvonta ja asiakasohjaus", "Rådgivning och klienthandledning", "Advice and client guidance"),
        ("Rutiinien automaatio", "Automatisering av rutiner", "Automation of routines"),
    ],
    "palveluverkko": [
        ("Toimipisteverkko", "Nätverk av verksamhetsställen", "Network of service points"),
        ("Liikkuvat ja kotiin vietävät palvelut", "Mobila tjänster och tjänster i hemmet", "Mobile and home services"),
        ("Kumppanuudet kuntien kanssa", "Partnerskap med kommunerna", "Partnerships with municipalities"),
    ],
    "ostopalvelut": [
        ("Ostopalvelujen tuotantotavat", "Köpta tjänsters produktionssätt", "Production modes of purchases"),
        ("Vuokratyön korvaaminen", "Att ersätta hyrd arbetskraft", "Replacing agency labour"),
        ("Sopimukset ja kilpailutus", "Avtal och konkurrensutsättning", "Contracts and tendering"),
    ],
    "henkilosto": [
        ("Oma varahenkilöstö", "Egen reservpersonal", "Own substitute staff"),
        ("Työvuorojen suunnittelu", "Skiftplanering", "Roster planning"),
        ("Veto- ja pitovoima", "Drag- och hållkraft", "Attraction and retention"),
    ],
    "": [
        ("Toiminnan uudistus", "Förnyad verksamhet", "Renewal of services"),
        ("Yhteiset ratkaisut", "Gemensamma lösningar", "Common solutions"),
        ("Seuranta ja johtaminen", "Uppföljning och ledning", "Follow-up and management"),
    ],
}  # fmt: skip

MILESTONES: list[Words] = [
    ("Suunnitelma hyväksytty", "Planen godkänd", "Plan approved"),
    ("Pilotti käynnissä", "Pilot i gång", "Pilot running"),
    ("Käyttöönotto", "Ibruktagande", "Roll-out"),
    ("Vaikutukset arvioitu", "Effekterna bedömda", "Effects assessed"),
]

#: What an illustrative plan says in the part whose key holds the word; the rest of the parts get the last text.
PLAN_TEXTS: dict[str, list[Words]] = {
    "muutos": [
        (
            "Havainnollistava esimerkki. Työ siirtyy ilta- ja viikonloppupainotteisemmaksi; koulutus "
            "alkaa kaksi kuukautta ennen käyttöönottoa.",
            "Illustrativt exempel. Arbetet förskjuts mot kvällar och veckoslut; utbildningen börjar två "
            "månader före ibruktagandet.",
            "Illustrative example. Work moves towards evenings and weekends; training begins two months "
            "before the roll-out.",
        )
    ],
    "vaikutu": [
        (
            "Havainnollistava esimerkki. Tavoitteena on vähentää käyntejä ja ostettua työtä ja lyhentää "
            "jonoja. Mittarit: käynnit kuukaudessa, ostot euroina ja odotusaika päivinä.",
            "Illustrativt exempel. Målet är färre besök och mindre köpt arbete samt kortare köer. "
            "Mätare: besök per månad, köp i euro och väntetid i dagar.",
            "Illustrative example. The aim is fewer visits, less purchased work and shorter queues. "
            "Measured by visits a month, purchases in euros and waiting time in days.",
        )
    ],
    "sisalto": [
        (
            "Havainnollistava esimerkki. Projekti kokoaa teeman toimenpiteet yhteen, kuvaa uuden "
            "toimintatavan ja ottaa sen käyttöön yksikkö kerrallaan.",
            "Illustrativt exempel. Projektet samlar temats åtgärder, beskriver det nya arbetssättet och "
            "tar det i bruk enhet för enhet.",
            "Illustrative example. The project gathers the measures of the theme, describes the new way "
            "of working and takes it into use unit by unit.",
        )
    ],
    "aikataulu": [
        (
            "Havainnollistava esimerkki. Suunnittelu, pilotti, käyttöönotto ja vaikutusten arviointi; "
            "päivät ovat etapeissa.",
            "Illustrativt exempel. Planering, pilot, ibruktagande och bedömning av effekter; dagarna "
            "finns i milstolparna.",
            "Illustrative example. Planning, pilot, roll-out and assessment; the days are those of the "
            "milestones.",
        )
    ],
    "johto": [
        (
            "Havainnollistava esimerkki. Teeman omistaja johtaa, projektipäällikkö vastaa etenemisestä "
            "ja yksiköiden esihenkilöt osallistuvat. Sidosryhminä kunnat ja järjestöt.",
            "Illustrativt exempel. Temats ägare leder, projektchefen svarar för framstegen och "
            "enheternas chefer deltar. Kommuner och organisationer är intressentgrupper.",
            "Illustrative example. The theme owner leads, the project manager answers for progress and "
            "heads of units take part. Municipalities and organisations are stakeholders.",
        )
    ],
    "": [
        (
            "Havainnollistava esimerkki. Projekti nojaa ICT-muutoshankkeeseen ja etenee rinnan "
            "henkilöstöprojektien kanssa.",
            "Illustrativt exempel. Projektet stöder sig på IKT-förändringsprojektet och går jämsides "
            "med personalprojekten.",
            "Illustrative example. The project leans on the ICT change project and goes side by side "
            "with the staff projects.",
        )
    ],
}

SEGMENTS: list[tuple[str, Words]] = [
    ("lapset-ja-perheet", ("Lapset, nuoret ja perheet", "Barn, unga och familjer", "Children and families")),
    ("tyoikaiset", ("Työikäiset", "Personer i arbetsför ålder", "People of working age")),
    ("ikaantyneet", ("Ikääntyneet", "Äldre", "Older people")),
]


def words_for(table: dict[str, list], key: str) -> list:
    """The words whose key is part of `key`, else those that suit all."""
    return next((words for part, words in table.items() if part and part in key), table[""])
