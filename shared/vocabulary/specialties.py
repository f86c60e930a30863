"""Specialties and how near they are to each other.

The tree is ours: field → specialty. Two specialties of one field are near; a specialty is nearest to itself.
Names follow the ACGME's list of specialties and subspecialties.
"""

FIELDS: dict[str, dict[str, str]] = {
    "acute": {
        "emergency_medicine": "Emergency medicine",
        "critical_care": "Critical care medicine",
        "anesthesiology": "Anesthesiology",
        "toxicology": "Medical toxicology",
        "ems": "Emergency medical services",
        "pediatric_emergency": "Pediatric emergency medicine",
    },
    "medicine": {
        "internal_medicine": "Internal medicine",
        "cardiology": "Cardiology",
        "gastroenterology": "Gastroenterology",
        "hematology_oncology": "Hematology and oncology",
        "infectious_disease": "Infectious disease",
        "nephrology": "Nephrology",
        "endocrinology": "Endocrinology",
        "pulmonology": "Pulmonary medicine",
        "rheumatology": "Rheumatology",
        "geriatrics": "Geriatric medicine",
        "palliative": "Hospice and palliative medicine",
    },
    "primary_care": {
        "family_medicine": "Family medicine",
        "pediatrics": "Pediatrics",
        "med_peds": "Medicine-pediatrics",
        "preventive_medicine": "Preventive medicine and public health",
        "sports_medicine": "Sports medicine",
        "addiction_medicine": "Addiction medicine",
    },
    "surgery": {
        "general_surgery": "General surgery",
        "cardiothoracic_surgery": "Cardiothoracic surgery",
        "vascular_surgery": "Vascular surgery",
        "plastic_surgery": "Plastic surgery",
        "orthopedics": "Orthopedic surgery",
        "neurosurgery": "Neurosurgery",
        "urology": "Urology",
        "otolaryngology": "Otolaryngology",
        "ophthalmology": "Ophthalmology",
        "trauma_surgery": "Trauma and acute care surgery",
    },
    "women_and_newborn": {
        "obgyn": "Obstetrics and gynecology",
        "maternal_fetal": "Maternal-fetal medicine",
        "neonatology": "Neonatal-perinatal medicine",
    },
    "mind": {
        "psychiatry": "Psychiatry",
        "child_psychiatry": "Child and adolescent psychiatry",
        "neurology": "Neurology",
        "pmr": "Physical medicine and rehabilitation",
    },
    "diagnostic": {
        "radiology": "Diagnostic radiology",
        "interventional_radiology": "Interventional radiology",
        "pathology": "Pathology",
        "dermatology": "Dermatology",
        "radiation_oncology": "Radiation oncology",
        "medical_genetics": "Medical genetics",
        "informatics": "Clinical informatics",
    },
}

SPECIALTIES: dict[str, str] = {code: name for field in FIELDS.values() for code, name in field.items()}
FIELD_OF: dict[str, str] = {code: field for field, codes in FIELDS.items() for code in codes}

# Close across fields: people move between these or work side by side all day.
NEIGHBORS: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("emergency_medicine", "pediatric_emergency"),
        ("pediatrics", "pediatric_emergency"),
        ("pediatrics", "neonatology"),
        ("maternal_fetal", "neonatology"),
        ("critical_care", "pulmonology"),
        ("critical_care", "trauma_surgery"),
        ("emergency_medicine", "trauma_surgery"),
        ("emergency_medicine", "sports_medicine"),
        ("internal_medicine", "family_medicine"),
        ("internal_medicine", "med_peds"),
        ("orthopedics", "sports_medicine"),
        ("orthopedics", "pmr"),
        ("pmr", "sports_medicine"),
        ("psychiatry", "addiction_medicine"),
        ("neurology", "neurosurgery"),
        ("radiology", "interventional_radiology"),
        ("vascular_surgery", "interventional_radiology"),
        ("hematology_oncology", "radiation_oncology"),
        ("hematology_oncology", "palliative"),
        ("cardiology", "cardiothoracic_surgery"),
        ("family_medicine", "obgyn"),
        ("preventive_medicine", "infectious_disease"),
        ("geriatrics", "palliative"),
    )
)


def nearness(one: str, other: str) -> float:
    """Nearness of two specialties in [0, 1]: same 1, neighbors ½, same field ¼, else 0."""
    if one == other:
        return 1.0
    if frozenset((one, other)) in NEIGHBORS:
        return 0.5
    return 0.25 if FIELD_OF[one] == FIELD_OF[other] else 0.0
