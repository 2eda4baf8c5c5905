"""What is read to her, word for word, in both languages. Whoever changes a word gives it a new version: each consent
keeps the version that was read."""

from dataclasses import dataclass
from enum import StrEnum

from safehouse.residents.models import ConsentItem

VERSION = "2026-11"


class Right(StrEnum):
    """What she is told before she is asked anything."""

    LEAVE = "leave"
    TAKE_BACK = "take_back"
    WHO_READ = "who_read"
    COMPLAIN = "complain"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Text:
    """The same in Indonesian and in English."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.id


RIGHTS = {
    Right.LEAVE: Text("Ia boleh pergi kapan saja", "She may leave at any time"),
    Right.TAKE_BACK: Text("Ia boleh menarik persetujuan kapan saja", "She may take back what she agreed to"),
    Right.WHO_READ: Text("Ia boleh melihat siapa yang membuka berkasnya", "She may see who opened her file"),
    Right.COMPLAIN: Text("Ia boleh mengadu ke luar rumah, juga ke 129", "She may complain outside, also to 129"),
    Right.FREE: Text("Semua layanan gratis", "Everything is free of charge"),
}

ITEMS = {
    ConsentItem.STAY: Text(
        "Anda tinggal di sini untuk sementara dan kami mencatat yang Anda butuhkan. Tanpa ini kami tidak dapat "
        "menerima Anda.",
        "You stay here for a while and we write down what you need. Without this we cannot take you in.",
    ),
    ConsentItem.HOUSE_RULES: Text(
        "Alamat rumah ini dirahasiakan, juga dari keluarga. Telepon disimpan atau dimatikan. Tamu tidak datang ke "
        "rumah. Obat dititipkan. Tidak boleh ada kekerasan, juga terhadap anak. Anda boleh mengadu dan boleh pergi.",
        "The address is kept secret, from your family too. Telephones are kept or switched off. Visitors do not come "
        "here. Medicines are handed in. No violence, against children neither. You may complain and you may leave.",
    ),
    ConsentItem.HEALTH_CHECK: Text(
        "Perawat perempuan memeriksa kesehatan Anda. Anda boleh ditemani dan boleh berhenti kapan saja.",
        "A woman nurse looks at your health. Someone may be with you, and you may stop at any time.",
    ),
    ConsentItem.COUNSELLING: Text(
        "Anda berbicara dengan psikolog. Catatannya hanya dibaca psikolog.",
        "You talk with a psychologist. Only the psychologist reads the notes.",
    ),
    ConsentItem.LEGAL_AID: Text(
        "Pendamping hukum membantu Anda. Anda tidak harus melapor ke polisi.",
        "Someone who knows the law helps you. You need not report anything to the police.",
    ),
    ConsentItem.AGENCY: Text(
        "Kami memberi tahu satu hal kepada satu lembaga, sampai tanggal yang Anda sebut. Alamat rumah tidak pernah.",
        "We tell one agency one thing, until the day you say. Never where you are.",
    ),
    ConsentItem.PHOTOGRAPH: Text(
        "Kami menyimpan foto Anda di berkas yang terkunci. Tidak dipasang di mana pun.",
        "We keep a photograph of you in a locked file. It is shown nowhere.",
    ),
    ConsentItem.AFTER_CARE: Text(
        "Kami menghubungi Anda setelah Anda pulang, dengan cara yang menurut Anda aman.",
        "We get in touch after you have left, in a way that you call safe.",
    ),
}
