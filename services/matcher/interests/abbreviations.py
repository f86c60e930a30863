"""Abbreviations of the field, as they are written (case matters: EM is not the Spanish or Portuguese "em")."""

import re

ABBREVIATIONS: dict[str, str] = {
    "EM": "emergency medicine", "PEM": "pediatric emergency medicine", "EMS": "emergency medical services",
    "ED": "emergency department", "ER": "emergency department", "POCUS": "point-of-care ultrasound",
    "IM": "internal medicine", "FM": "family medicine", "CCM": "critical care medicine", "ICU": "intensive care unit",
    "NICU": "neonatal intensive care", "PICU": "pediatric intensive care", "MICU": "medical intensive care",
    "SICU": "surgical intensive care", "ENT": "otolaryngology ear nose throat", "GI": "gastroenterology",
    "ID": "infectious disease", "OB": "obstetrics", "OBGYN": "obstetrics and gynecology",
    "OB/GYN": "obstetrics and gynecology", "OB-GYN": "obstetrics and gynecology", "MFM": "maternal-fetal medicine",
    "REI": "reproductive endocrinology and infertility", "PM&R": "physical medicine and rehabilitation",
    "PMR": "physical medicine and rehabilitation", "IR": "interventional radiology", "DR": "diagnostic radiology",
    "CT surgery": "cardiothoracic surgery", "ortho": "orthopedic surgery", "derm": "dermatology",
    "gyn": "gynecology", "peds": "pediatrics", "psych": "psychiatry", "neuro": "neurology", "cards": "cardiology",
    "heme/onc": "hematology oncology", "anesthesia": "anesthesiology", "med-peds": "medicine-pediatrics",
    "NRMP": "residency match", "SOAP": "residency match supplemental offer", "ERAS": "residency application",
    "SLOE": "standardized letter of evaluation", "LOR": "letter of recommendation",
    "LoR": "letter of recommendation", "USMLE": "medical licensing examination",
    "COMLEX": "osteopathic licensing examination", "MCAT": "medical college admission test",
    "ABSITE": "surgery in-training examination", "GME": "graduate medical education",
    "UME": "undergraduate medical education", "CME": "continuing medical education", "PD": "program director",
    "APD": "associate program director", "PGY": "postgraduate year resident", "MS": "medical student",
    "MSTP": "medical scientist training program MD-PhD", "MD/PhD": "physician scientist",
    "IMG": "international medical graduate", "FMG": "international medical graduate",
    "ECFMG": "certification of international medical graduates", "DO": "osteopathic physician",
    "URiM": "underrepresented in medicine", "URM": "underrepresented in medicine",
    "UIM": "underrepresented in medicine", "DEI": "diversity equity and inclusion",
    "LGBTQ": "lesbian gay bisexual transgender queer", "LGBTQ+": "lesbian gay bisexual transgender queer",
    "LGBTQIA+": "lesbian gay bisexual transgender queer", "SGM": "sexual and gender minority",
    "first-gen": "first generation in the family", "FGLI": "first generation low income",
    "DACA": "deferred action for childhood arrivals", "QI": "quality improvement", "MedEd": "medical education",
    "RCT": "randomized trial", "NIH": "research funding", "K award": "career development research grant",
    "SDOH": "social determinants of health", "FQHC": "community health center",
    "IHS": "Indian Health Service", "VA": "veterans hospital", "HPSA": "health professional shortage area",
    "HPSP": "military health professions scholarship", "NHSC": "National Health Service Corps",
    "PSLF": "public service loan forgiveness", "SUD": "substance use disorder",
    "OUD": "opioid use disorder", "MOUD": "medication for opioid use disorder", "MAT": "addiction treatment",
    "HIV": "human immunodeficiency virus", "SANE": "sexual assault examination", "WLB": "work-life balance",
    "CV": "curriculum vitae", "AI": "artificial intelligence", "EHR": "electronic health record",
}
_WRITTEN = re.compile(
    r"(?<![\w&/+-])(" + "|".join(re.escape(a) for a in sorted(ABBREVIATIONS, key=len, reverse=True)) + r")(?![\w&/+-])"
)


def expand(text: str) -> str:
    """The text with each abbreviation followed by its words: "EM" → "EM (emergency medicine)"."""
    return _WRITTEN.sub(lambda found: f"{found[1]} ({ABBREVIATIONS[found[1]]})", text)
