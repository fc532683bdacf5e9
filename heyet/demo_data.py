"""What the demo project is made of: people, components, questions, a programme and a ministry's list."""

from uuid import UUID

from core.columns import folded
from directory.accounts.rules import Role
from events.invitations.questionnaires.rules import AskedOf, QuestionKind
from events.invitations.questionnaires.schemas import OptionIn, QuestionIn, QuestionsIn
from events.messaging.campaigns.schemas import CampaignIn
from events.programme.events.rules import SessionKind

ACRONYM = "P-ACT"
TITLE = "Protecting and Assisting Victims: Coordination and Training"
STAFF = {
    "organiser": ("Elif Karaca", "elif.karaca@example.org", (Role.organiser, Role.administrator), "en"),
    "assistant": ("Burak Şimşek", "burak.simsek@example.org", (Role.assistant,), "tr"),
    "finance": ("Nermin Güçlü", "nermin.guclu@example.org", (Role.finance,), "tr"),
    "approver": ("Johannes Weber", "johannes.weber@example.org", (Role.approver,), "en"),
    "desk": ("Umut Işık", "umut.isik@example.org", (Role.check_in,), "tr"),
    "auditor": ("Claire Dubois", "claire.dubois@example.org", (Role.auditor,), "en"),
}
# Code, title, and targets: events, participants, women in per cent.
COMPONENTS = (
    ("1", "Coordination between provinces", 4, 120, 40),
    ("2", "Capacity of judiciary and law enforcement", 12, 300, 35),
    ("3", "Study visits", 3, 30, 50),
)
# Name, title, institution, province, mailbox: as a ministry's letter would have them.
PEOPLE = (
    ("Ayşe Yılmaz", "Judge", "Ankara 3rd Heavy Penal Court", "TR-06"),
    ("Mehmet Öztürk", "Public Prosecutor", "Ankara Chief Public Prosecutor’s Office", "TR-06"),
    ("Şule Çağlar", "Head of Department", "Presidency of Migration Management", "TR-06"),
    ("İbrahim Işıldak", "Migration Expert", "İzmir Provincial Directorate", "TR-35"),
    ("Gülşen Aydoğdu", "Provincial Director", "Şanlıurfa Provincial Directorate", "TR-63"),
    ("Hüseyin Güneş", "Police Chief", "General Directorate of Security", "TR-06"),
    ("Zeynep Kılıç", "Judge", "İstanbul 12th Criminal Court", "TR-34"),
    ("Oğuzhan Demirtaş", "Provincial Director", "Iğdır Provincial Directorate", "TR-76"),
    ("Fatma Nur Şahin", "Psychologist", "Van Provincial Directorate", "TR-65"),
    ("Çetin Özdemir", "Gendarmerie Major", "Gendarmerie General Command", "TR-06"),
    ("Ülkü Yıldırım", "Social Worker", "Gaziantep Provincial Directorate", "TR-27"),
    ("Kağan Erdoğan", "Migration Expert", "Ağrı Provincial Directorate", "TR-04"),
)
# Institutions of PEOPLE by their Turkish names.
INSTITUTIONS_TR = {
    "Ankara 3rd Heavy Penal Court": "Ankara 3. Ağır Ceza Mahkemesi",
    "Ankara Chief Public Prosecutor’s Office": "Ankara Cumhuriyet Başsavcılığı",
    "Presidency of Migration Management": "Göç İdaresi Başkanlığı",
    "İzmir Provincial Directorate": "İzmir İl Göç İdaresi Müdürlüğü",
    "Şanlıurfa Provincial Directorate": "Şanlıurfa İl Göç İdaresi Müdürlüğü",
    "General Directorate of Security": "Emniyet Genel Müdürlüğü",
    "İstanbul 12th Criminal Court": "İstanbul 12. Asliye Ceza Mahkemesi",
    "Iğdır Provincial Directorate": "Iğdır İl Göç İdaresi Müdürlüğü",
    "Van Provincial Directorate": "Van İl Göç İdaresi Müdürlüğü",
    "Gendarmerie General Command": "Jandarma Genel Komutanlığı",
    "Gaziantep Provincial Directorate": "Gaziantep İl Göç İdaresi Müdürlüğü",
    "Ağrı Provincial Directorate": "Ağrı İl Göç İdaresi Müdürlüğü",
}
# Titles and positions of the demo by their Turkish words: both languages are whole, as a new project's should be.
TURKISH = {
    TITLE: "Mağdurların Korunması ve Desteklenmesi: Eşgüdüm ve Eğitim",
    "European Union": "Avrupa Birliği",
    "Coordination between provinces": "İller arası eşgüdüm",
    "Capacity of judiciary and law enforcement": "Yargı ve kolluğun kapasitesi",
    "Study visits": "Çalışma ziyaretleri",
    "Annual coordination meeting with provincial directorates": "İl müdürlükleriyle yıllık eşgüdüm toplantısı",
    "Consultative workshop with the judiciary": "Yargı mensuplarıyla istişare çalıştayı",
    "Study visit to Austria: national referral mechanism": "Avusturya çalışma ziyareti: ulusal yönlendirme mekanizması",
    "Opening remarks": "Açılış konuşmaları",
    "A year of identification: figures and cases": "Tespitte bir yıl: rakamlar ve vakalar",
    "Coffee break": "Kahve arası",
    "Referral between provinces": "İller arası yönlendirme",
    "Lunch": "Öğle yemeği",
    "Group work: the first 48 hours": "Grup çalışması: ilk 48 saat",
    "Victim support and shelters": "Mağdur desteği ve sığınma evleri",
    "Working with prosecutors": "Savcılarla birlikte çalışmak",
    "Next steps": "Sonraki adımlar",
    "Judge": "Hâkim",
    "Public Prosecutor": "Cumhuriyet Savcısı",
    "Head of Department": "Daire Başkanı",
    "Migration Expert": "Göç Uzmanı",
    "Provincial Director": "İl Müdürü",
    "Police Chief": "Emniyet Müdürü",
    "Psychologist": "Psikolog",
    "Gendarmerie Major": "Jandarma Binbaşı",
    "Social Worker": "Sosyal Çalışmacı",
}
NOMINEES = (("Nurhan Aksoy", "Göç Uzmanı"), ("Serkan Tuna", "Tercüman"), ("Derya Polat", "Sosyal Çalışmacı"))
WOMEN = {"Ayşe", "Şule", "Gülşen", "Zeynep", "Fatma", "Ülkü"}
_STAYS = UUID(int=1)
QUESTIONS = QuestionsIn(
    questions=[
        QuestionIn(
            id=_STAYS,
            kind=QuestionKind.yes_no,
            label_en="Do you need a room the night before?",
            label_tr="Önceki gece için oda gerekiyor mu?",
            is_required=True,
        ),
        QuestionIn(
            kind=QuestionKind.text,
            label_en="When do you arrive?",
            label_tr="Ne zaman varıyorsunuz?",
            is_required=True,
            depends_on_id=_STAYS,
            depends_value="yes",
        ),
        QuestionIn(
            kind=QuestionKind.several,
            label_en="Which topics matter most to you?",
            label_tr="En çok hangi konular sizi ilgilendiriyor?",
            options=[
                OptionIn(key="evidence", en="Evidence", tr="Delil"),
                OptionIn(key="referral", en="Referral", tr="Yönlendirme"),
                OptionIn(key="compensation", en="Compensation", tr="Tazminat"),
            ],
        ),
        QuestionIn(
            kind=QuestionKind.text,
            asked_of=AskedOf.desk,
            label_en="Interpretation receiver number",
            label_tr="Çeviri alıcısı numarası",
        ),
    ]
)
PREPARATION = CampaignIn(
    subject_en="How to prepare for {event}",
    text_en="The workshop on {days} works on cases.\n\n- Please bring one of yours, without names.\n- Please read the "
    "first chapter of the manual.",
    subject_tr="{event} için hazırlık",
    text_tr="{days} tarihindeki çalıştayda vakalar ele alınacak.\n\n- Lütfen adları çıkarılmış bir vakanızı "
    "getirin.\n- Lütfen kılavuzun ilk bölümünü okuyun.",
)
AGENDA: tuple[tuple[int, str, str, str, SessionKind], ...] = (
    (0, "09:30", "10:00", "Opening remarks", SessionKind.ceremony),
    (0, "10:00", "11:15", "A year of identification: figures and cases", SessionKind.content),
    (0, "11:15", "11:30", "Coffee break", SessionKind.coffee),
    (0, "11:30", "13:00", "Referral between provinces", SessionKind.content),
    (0, "13:00", "14:00", "Lunch", SessionKind.lunch),
    (0, "14:00", "16:30", "Group work: the first 48 hours", SessionKind.group_work),
    (1, "09:30", "11:00", "Victim support and shelters", SessionKind.content),
    (1, "11:15", "13:00", "Working with prosecutors", SessionKind.content),
    (1, "13:00", "14:00", "Lunch", SessionKind.lunch),
    (1, "14:00", "15:30", "Next steps", SessionKind.content),
)

# What people found most useful of the visit.
USEFUL = (
    "Viyana’da ilk görüşmede kullanılan form",
    "Sığınma evindeki meslektaşlarla görüşmek",
    "Gruplar hâlinde yapılan uygulama",
)


def nomination_list() -> bytes:
    """Thirty people as a ministry sends them: Windows-1254, semicolons, one person twice, one address wrong."""
    given = ("Ahmet", "Ayşe", "Çiğdem", "Doğan", "Emine", "Ferhat", "Gülsüm", "Hakan", "İpek", "Jale")
    family = ("Yılmaz", "Şimşek", "Çelik")
    names = [f"{g} {f}" for f in family for g in given]
    lines = ["Ad Soyad;Unvan;Kurum;İl;E-posta"]
    provinces = ("Ankara", "Şanlıurfa", "Iğdır", "İzmir", "Çanakkale", "Muğla")
    for number, name in enumerate(names):
        province = provinces[number % len(provinces)]
        address = f"{folded(name).replace(' ', '.')}@il.example.org"
        if number == 12:
            address = "cigdem.simsek@@il.example.org"
        if number == 20:
            name, address = names[0], f"{folded(names[0]).replace(' ', '.')}@il.example.org"
        lines.append(f"{name};Göç Uzmanı;{province} İl Göç İdaresi Müdürlüğü;{province};{address}")
    return "\r\n".join(lines).encode("cp1254")
