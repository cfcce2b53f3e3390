"""The names of the months in English, French, Spanish and Arabic, and the other words of a written date."""

import re

from engagement.search import normalise

# Arabic: as in the Levant, in Egypt and the Gulf, in Algeria and Tunisia, in Morocco.
_MONTHS = (
    "january|jan|janvier|janv|enero|ene|كانون الثاني|كانون ثاني|يناير|جانفي",
    "february|feb|février|févr|fév|febrero|شباط|فبراير|فيفري",
    "march|mar|mars|marzo|آذار|مارس",
    "april|apr|avril|avr|abril|abr|نيسان|أبريل|إبريل|أفريل",
    "may|mai|mayo|أيار|مايو|ماي",
    "june|jun|juin|junio|حزيران|يونيو|يونيه|جوان",
    "july|jul|juillet|juil|julio|تموز|يوليو|يوليه|يوليوز|جويلية|جويليه",
    "august|aug|août|agosto|ago|آب|أغسطس|غشت|أوت",
    "september|sept|sep|septembre|septiembre|setiembre|set|أيلول|سبتمبر|شتنبر",
    "october|oct|octobre|octubre|تشرين الأول|تشرين أول|أكتوبر",
    "november|nov|novembre|noviembre|تشرين الثاني|تشرين ثاني|نوفمبر|نونبر",
    "december|dec|décembre|déc|diciembre|dic|كانون الأول|كانون أول|ديسمبر|دجنبر",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche "
    "lunes martes miércoles jueves viernes sábado domingo الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"
)
_FILLERS = f"the of on le les du de d el del la los في يوم سنة عام {_WEEKDAYS}"
_ABOUT = "about around circa ca c approximately approx vers environ env hacia alrededor aproximadamente حوالي نحو"
_DECADES = "années années décennie años década decade"
_HIJRI = "هـ ه هجري هجرية hijri ah h"

MONTHS = {normalise(name): number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")}
FILLERS, ABOUT, DECADES, HIJRI = (frozenset(normalise(words).split()) for words in (_FILLERS, _ABOUT, _DECADES, _HIJRI))
# Names of two words before those of one.
NAME_OF_MONTH = re.compile(rf"\b({'|'.join(sorted(MONTHS, key=len, reverse=True))})\b")
