"""Words that say nothing about interests, in English, Spanish and French, and those of every mentoring text."""

_ENGLISH = """
a about above after again all also am an and any are as at be because been before being below between both but by can
could did do does doing don down during each few for from further get had has have having he her here hers him his how
i if in into is it its itself just like ll lot make many me might more most much my myself need no nor not now of off
on once one only or other our ours out over own really re same she should so some someone such than that the their
theirs them then there these they thing this those though through to too under until up us very was we were what when
where which while who whom whose why will with would you your yours
"""
_SPANISH = """
a al algo antes aqui asi como con cual cuando de del desde donde el ella ellos en entre era es esa ese eso esta estar
este esto estoy ha hay la las le les lo los mas me mi mis mucho muy ni no nos nosotros o otra otro para pero por porque
que quien se ser si sin sobre soy su sus tambien te tengo tiene todo tu un una uno y ya yo
busco encantaria gusta gustaria necesito quiero quisiera
"""
_FRENCH = """
ai au aussi aux avec avoir bien ce cela ces cette chez comme dans de des donc du elle elles en est et etre eux fait il
ils je la le les leur leurs lui ma mais me mes moi mon ne nos notre nous on ou par pas plus pour qu que qui sa sans se
ses si son suis sur ta te tes toi ton tout tres tu un une vos votre vous
aimerais cherche souhaite veux voudrais
"""
_MENTORING = """
advice advise career experience field guidance happy help helped hope interest interested learn looking love medical
medicine mentee mentor mentored mentoring mentorship people physician program resident residency school share someone
student support talk time training want wanted wish work worked working year
"""
FUNCTION_WORDS = {
    code: frozenset(words.split()) for code, words in (("en", _ENGLISH), ("es", _SPANISH), ("fr", _FRENCH))
}
STOP_WORDS = frozenset(f"{_ENGLISH} {_SPANISH} {_FRENCH} {_MENTORING}".split())
# Swear words whose only meaning is emphasis; words that patients' troubles are named with are none of them.
_SWEARING = """
asshole bastard bullshit crap damn damned dumbass fuck fucked fucker fucking goddamn motherfucker shit shitty wtf cabron
carajo chingada cojones gilipollas hostia joder mierda pendejo puta puto bordel connard connerie foutre foutu merde
putain salaud
"""
SWEARING = frozenset(_SWEARING.split())
