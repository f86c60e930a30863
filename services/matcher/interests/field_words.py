"""Which words are of the field: what medicine treats and does, where, and what a career in it turns on.

A word that two people share tells others why they fit only if it names something. Rarity does not show that
("bearable" is rarer than "stroke"), so words are known by how medicine builds its terms, from Greek and Latin parts,
by the names of specialties, by abbreviations, and by a vocabulary of plain words.
"""

import re
from functools import lru_cache

from services.matcher.interests.abbreviations import ABBREVIATIONS
from services.matcher.interests.lexical import plain, stem, tokens
from shared.vocabulary.specialties import SPECIALTIES

SHORTEST_ACRONYM = 3
REMEMBERED_WORDS = 50_000
_BEGINNINGS = """
allerg anesth angio arrhythm arthr asthm audio bioeth biopsy biostat brachy bronch cardi cathet chemo chirurg cirug
cochlea colon colorect colposc contracep cyto dement dermat diabet dialy echocard electro embryo encephal endo epidem
epilep fibro gastr gen(?:et|om) geriat glauc gyn hemat hemo hepat histo hosp hyper hypo immun infect intensiv intub
laparo laryng lympho mammo mening metab micro nephr neur obstet onco ophthal opioid orthop osteo oto palliat pediat
perinat periop pharma postpart pren(?:at) prosthe psych pulmon radi(?:ol|at|ograph) rehab resuscit retin rheum sclero
simulat sono stereotact surg tele(?:med|health|stroke) therap thorac toxic transfus transplant trauma tubercul ultraso
urogyn vaccin vascul ventilat vir(?:al|us|olog)
"""
_ENDINGS = r"""
(?<!^ap)olog(?:y|ie|ia|ist|ic|ical) iatr(?:y|ic|ist) ectomy otomy ostomy plasty oscop(?:y|e|ic) itis osis emia pathy
(?:card|neur|son|encephal|mamm)ogram carcinoma sarcoma phobia partum
"""
_PLAIN = """
abdominal abortion abstract addiction adolescence advocacy ageing aging airway algorithm ambulance ambulatory anatomy
ankle apnea application army asylum autopsy birth bladder blood board bone brain breast burn burnout cancer catheter
cerebral childbirth childcare clerkship clinic coma concussion consult contraception counseling court cyst death debt
delivery dental diagnosis diagnostic disaster doctorate dose drug ear education elderly emergency endurance equity
ethics exam eye fellowship fertility fetal fever forensic fracture funding graft grant grief hand harm head headache
health hearing heart heroin hip homelessness hospice housing humanitarian imaging implant incarceration injury insulin
insurance interview jail joint kidney knee lab labor laboratory language law leadership legislation license licensing
liver loan lung malaria malpractice match maternal maternity medication methadone midwife midwifery military mitral
mortality nasal navy neck neonate newborn nursing nutrition obesity organ overdose pain pandemic parkinson parole
patient pelvic phd physiology poison policy poverty prenatal preterm prevention preventive prison procedure prosthetic
publication publishing reconstruction reconstructive reentry refugee registry renal reproductive rescue research
retina robotic rotation rural sample scan scholarship seizure sepsis shoulder sickle skin sleep software spinal spine
spirit sports statistics stem stroke suicide supervision teaching thesis thyroid tissue trachea trial tumor ulcer
urban uterine valve vein veteran violence vision wellbeing wellness wilderness wound writing
"""
# These say something beside another word of the field only: "regional anesthesia".
_BESIDES = """
academic aid away behavioral body chief community critical data deaf family general global human intensive internal
mental molecular operative oral primary quality regional safety urgent
"""
_FORMED = re.compile("|".join((*(f"^(?:{part})" for part in _BEGINNINGS.split()),
                               *(f"(?:{part})$" for part in _ENDINGS.split()))))
_BESIDE = frozenset(map(stem, _BESIDES.split()))
_KNOWN = frozenset(map(stem, _PLAIN.split()))
_NAMES = ([word for word, _ in tokens(name)] for name in (*SPECIALTIES.values(), *ABBREVIATIONS.values()))
_PHRASES = frozenset(" ".join(words) for words in _NAMES if len(words) > 1)


def of_the_field(term: str) -> bool:
    """Whether a word, or two neighboring words, as written, name something of medicine or of a career in it."""
    written = term.split()
    words = [stem(plain(word)) for word in written]
    if " ".join(words) in _PHRASES:
        return True
    known = [_is_known(*both) for both in zip(written, words, strict=True)]
    return any(known) and all(one or word in _BESIDE for one, word in zip(known, words, strict=True))


@lru_cache(maxsize=REMEMBERED_WORDS)
def _is_known(written: str, word: str) -> bool:
    if written in ABBREVIATIONS or (written.isupper() and len(written) >= SHORTEST_ACRONYM):
        return True
    return word in _KNOWN or _FORMED.search(word) is not None
