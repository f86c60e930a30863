"""Spanish and French words of the field and of a life in training, in English: the sentence model reads English best.

An entry is `beginning: english`; a word is looked up by the longest beginning that fits it, without accents. A
beginning that ends in `.` is the whole word.
"""

_SPANISH = """
abuel: grandparent; acompan: accompany; aconsej: advice; adiccion: addiction; admin: administer; adolesc: adolescent;
adult: adult; ahora.: now; alcohol: alcohol; aldea: village; algebra: algebra; aliment: nutrition; alergi: allergy;
amamant: breastfeeding; amig: friend; anestesi: anesthesia; ansiedad: anxiety; nervios: nervous anxiety; apoy:
support; aprend: learn; articul: article; artritis: arthritis; asistente: assistant; asma: asthma; atencion: care;
ayud: help; barrio: neighborhood; beb: baby; beca: scholarship; becari: fellow; biolog: biology; burnout: burnout;
busc: looking for; cabeza: head; calor: heat; calma: calm; cama: bed; campo: countryside field; cancer: cancer;
cardio: cardiology; cardiac: cardiac; carrera: career; cas.: marriage; casa: home; cerebr: brain; certific:
certificate; ciencia: science; cientific: scientist; ciudad: city; cirug: surgery; ciruj: surgeon; clinic: clinic;
clima: climate; colegi: school; colombia: Colombia; combin: combine; compagin: combine balance; comunid: community;
comunit: community; concili: balance; confian: confidence trust; consej: advice; consult: office visit; corazon:
heart; cria: raise; critic: critical; cuid: care; culp: guilt; curs: course year; dato: data; deficien: deficiency;
dej: leave; depresi: depression; deporte: sports; derech: rights law; dermat: dermatology; desarroll: development;
desigual: inequality; deuda: debt; diabet: diabetes; dinero: money; dirig: lead; discapac: disability; diversi:
diversity; divorci: divorce; doctor: doctor; doctorado: PhD; dolor: pain; dorm: sleep; drog: drugs; dud: doubt;
ecograf: ultrasound; ecocard: echocardiography; educa: education; embaraz: pregnancy; emerg: emergency; empez: begin;
enfermer: nurse; enfermedad: disease; ensay: trial; ensen: teach; entrevist: interview; envi: send; epidemi:
epidemiology; equilibr: balance; equip: team; error: mistake; escal: climbing; escrib: write; escuel: school;
especial: specialty; espos: spouse; estadist: statistics; estres: stress; estudi: study; etic: ethics; exam: exam;
examen: exam; examenes: exams; exito: success; experiencia: experience; extranj: foreign abroad; famili: family;
farmac: drugs; fracas: failure; frontera: border; futuro: future; gast: gastro; gastroenter: gastroenterology; gente:
people; geriatr: geriatrics; gestion: management; ginecolog: gynecology; gobiern: government; graduad: graduate;
guardia: night call shift; habl: talk; hematolog: hematology; herman: siblings; hij: child; hispan: Hispanic; homosex:
gay; hospital: hospital; humo: smoke; identidad: identity; idioma: language; imagen: images; indocument: undocumented;
infeccio: infectious disease; infancia: childhood; infantil: child; ingles: English; inmigra: immigrant; inmunolog:
immunology; insegur: insecure; intensiv: intensive care; intern: internal; investiga: research; ir.: go; jefe: chief;
joven: young; juzg: judging; laboral: work; laboratori: laboratory; lesbian: lesbian; libr: book; lider: leadership;
licencia: license; madre: mother; maestr: teacher; mayor: older; medicina: medicine; medic: doctor medical; mejor:
better; menores: minors; mental: mental health; mentor: mentor; metodo: method; migra: migration; mism: same; miedo:
fear; montan: mountains; mujer: woman; music: music; mundial: global; nefrolog: nephrology; neonat: neonatal;
neumolog: pulmonology; neurocirug: neurosurgery; neurolog: neurology; nin: child; noche: night; nocturn: night;
objetiv: goal; obstetr: obstetrics; oftalm: ophthalmology; oido: ear; oncolog: oncology; opioid: opioid; oportunid:
opportunity; origen: origin; ortoped: orthopedics; otorrin: otolaryngology; paciente: patients; padre: father parents;
pais: country; paliativ: palliative care; pandemi: pandemic; pareja: partner couple; parto: delivery birth; pas.: go
through; patolog: pathology; pediatr: pediatrics; perd: lose; perfil: profile; pobre: poor; pobreza: poverty; poder:
power; politic: policy; pregunt: ask; prematur: premature; preocup: worry; prestam: loan; prevenc: prevention;
prevenir: prevent; primera: first; primer: first; privad: private; program: program; proyect: project; psicolog:
psychology; psiquiat: psychiatry; public: public; publicar: publish; pueblo: town; pulm: lungs; quirofan: operating
room; quirurg: surgical; racis: racism; radiolog: radiology; reanim: resuscitation; rechaz: rejection; recuper:
recovery; refugi: refugee; rehabil: rehabilitation; religi: religion; repet: repeat; residen: residency; respir:
respiratory; retir: retire; reumat: rheumatology; revis: review; rinon: kidney; riesgo: risk; rural: rural; salari:
salary; salud: health; sangre: blood; seguir: continue; segur: insurance safety; sexual: sexual; sindrome: syndrome;
sobreviv: survive; social: social; sola.: alone; solo.: alone; solicit: application; sueno: sleep; sueldo: salary;
suspend: fail; suspens: failed; tecnic: techniques; tecnolog: technology; terap: therapy; tesis: thesis; tiempo: time;
trabaj: work; traduc: translation; transgener: transgender; trasplant: transplant; trat: treat; trauma: trauma;
tuberculosis: tuberculosis; tutor: tutor; ultrason: ultrasound; universi: university college; urgenc: emergency
department; urgenciolog: emergency physician; urolog: urology; vacuna: vaccines; vej: old age; verguenz: shame; vid:
life; vih.: HIV; viaj: travel; violen: violence; visa: visa; viv: live; vocacion: calling; voluntari: volunteer
"""
_FRENCH = """
abandon: give up; accouch: childbirth delivery; accueil: welcome; addict: addiction; admin: administration; adolesc:
adolescent; adult: adult; afri: Africa; aid: help; aime: love; aine: elderly; alcool: alcohol; aliment: food; allait:
breastfeeding; allerg: allergy; ambulan: ambulance; ami.: friend; amis.: friends; an.: year; annee: year; anesthes:
anesthesia; anglais: English; angoiss: anxiety; anxi: anxiety; apprend: learn; appren: learn; argent: money; arret:
stop; arriv: arrive; article: article; asthme: asthma; attent: wait; autorisation: license; avenir: future; avocat:
lawyer; banlieue: suburbs; bebe: baby; bioethi: bioethics; biolog: biology; bipolaire: bipolar; bloc.: operating room;
bourse: scholarship; bras: arm; cabinet: practice; campagne: countryside rural; cancer: cancer; candidat: application;
cardia: cardiac; cardio: cardiology; carrier: career; cerveau: brain; changement: change; chef.: chief; cherch:
looking for; chercheu: researcher; chirurg: surgery; chirurgien: surgeon; choisi: choose; climat: climate; clini:
clinic; coeur: heart; colleg: colleagues; communau: community; concili: balance; concours: exam; confian: confidence;
conge: leave; conseil: advice; cour: course; couple: couple; culpab: guilt; debut: begin; decouv:
discover; defend: advocate for; demand: application ask; depress: depression; dermat: dermatology; dett: debt; deuil:
grief; deuxieme: second; developp: development; diabet: diabetes; diplom: graduate degree; dirig: lead; diriger: lead;
discrimin: discrimination; divers: diversity; divorc: divorce; docteur: doctor; doctorat: PhD; donnees: data; dormir:
sleep; douleur: pain; drogue: drugs; droit: law rights; echec: failure; echograph: ultrasound; echou: failed; ecole:
school; ecout: listen; ecri: write; ecriture: writing; egalit: equality; emploi: job; enceinte: pregnant; enfan:
children; enfance: childhood; engag: commit engage; enseign: teach; entretien: interview; epidemi: epidemiology;
epuis: exhaustion burnout; equilibr: balance; equipe: team; erreur: mistake; essai: trial; ethi: ethics; etrang:
abroad foreign; etud: study; etudiant: student; etudiante: student; exam: exam; examen: exam; exerc: practice;
experience: experience; famil: family; fatigu: tired; femme: woman; fil.: son; fille: daughter girl; foie: liver;
form: training; formation: training; fragil: fragile; frere: brother; garde: night call shift; gastro:
gastroenterology; generalist: family doctor general practitioner; gens: people; geriat: geriatrics; gestion:
management; grossesse: pregnancy; gyneco: gynecology; hemato: hematology; homosex: gay; honte: shame; hopita:
hospital; hopital: hospital; humanit: humanitarian; identit: identity; image: images; immigr: immigrant; immuno:
immunology; inegal: inequality; infectio: infectious disease; infirm: nurse; inquiet: worry; intensi: intensive;
intern: resident; interne: resident; internat: residency; international: international; jeune: young; jour: day; juge:
judge; laborat: laboratory; lait: milk; langue: language; lesbien: lesbian; livre: book; loi: law; lire: read; lutte:
fight; maison: home; malad: disease illness; main: hand; maltrait: abused; mari.: husband; medec: doctor physician;
medecin: doctor; medecine: medicine; medic: medical; medicament: drugs; mental: mental health; mere: mother; metier:
profession; migra: migration; minorit: minority; mondial: global; montagn: mountains; mort: death; musi: music;
naissan: birth; neonat: neonatal; nephro: nephrology; neuro: neurology; neurochir: neurosurgery; nourri: nutrition;
nuit: night; objecti: goal; obstetri: obstetrics; oncolog: oncology; ophtalm: ophthalmology; opioid: opioid; orl.:
otolaryngology ENT; orthoped: orthopedics; os.: bone; oser: dare; pairs.: peers; palliat: palliative care; papier:
papers; parent: parents; parlement: parliament legislature; parl: talk; partag: share; patho: pathology; patient:
patients; pauvr: poor; pauvret: poverty; pays.: country; pediat: pediatrics; pere: father; perd: lose; personne:
people; petit: small; peur: fear; pneumo: pulmonology; poids: weight; politiq: policy; poumon: lungs; poursuiv:
continue; premat: premature; premier: first; premiere: first; preven: prevention; pret: loan; priso: prison; prive:
private; proche: close; projet: project; prote: protect; protege: protect; psychiat: psychiatry; psycho: psychology;
publi: publish; public: public; quartier: neighborhood; question: question; raci: racism; radio: radiology; reanim:
intensive care resuscitation; recherch: research; redoubl: repeat a year; reeduc: rehabilitation; refugi: refugee;
refus: rejected; rein.: kidney; reins.: kidneys; religi: religion; rembours: repay; remplac: locum; rencontr: meet;
renonc: give up; repos: rest; repren: return to; residen: residency; respir: respiratory; reten: accepted selected;
retenu: accepted selected; retrait: retirement; reuss: succeed; revenu: came back; rhumat: rheumatology; rural: rural;
salair: salary; sang.: blood; sante: health; scien: science; secou: rescue; seins: breast; sein.: breast; sexu:
sexual; soeur: sister; soign: treat care; soin: care; solitu: loneliness; sommeil: sleep; souff: suffering; soutien:
support; soutenir: support; specialit: specialty; sport: sports; stage: clerkship rotation; statist: statistics;
stress: stress; subvention: grant funding; suicid: suicide; surdit: deafness; temps.: time; terrain: field; these:
thesis; toxico: toxicology; traduct: translation; trait: treat; transgenr: transgender; transplant: transplant;
traumat: trauma; travail: work; tuberculose: tuberculosis; tuteur: tutor; universit: university college; urgenc:
emergency; urgentist: emergency physician; urolog: urology; vaccin: vaccines; venir: come; viei: old; vieill: old age;
vie.: life; vih.: HIV; ville: city; village: village; violenc: violence; visa: visa; vocation: calling; voyag: travel;
yeux: eyes
"""


def _parsed(entries: str) -> dict[str, str]:
    """Entries by their beginning; they wrap over lines."""
    pairs = (" ".join(entry.split()).partition(": ") for entry in entries.split(";"))
    return {beginning: english for beginning, _, english in pairs}


GLOSSARIES = {"es": _parsed(_SPANISH), "fr": _parsed(_FRENCH)}
