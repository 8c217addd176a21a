"""Common words of English and Spanish, which come back in everybody's answers and say nothing of anybody."""

from __future__ import annotations

_ENGLISH = """
    about above across actually after again against almost alone along already although always among another answer anybody
    anyone anything around asked asking because become before began begin being below better between beyond both bring brought
    called can't cannot change changed changes class classes classroom clear close could couldn didn different doesn doing
    don't during each early either enough every everybody everyone everything feels felt finally first follow found friday
    getting given gives going gotten great group haven having heard helped helps hours however instead isn't itself keeps
    kind kinds knows large later learn learned least leave letting liked likely likes listen little lived longer looked
    looking looks maybe means might minute minutes monday month months morning mostly moved myself needed needs never
    nobody noticed nothing often other others ought ourselves people person place probably quite rather ready really right
    saying school second seemed seems seen several shall should shouldn shows simple simply since small somebody someone
    something sometimes somewhere started starts still student students sunday surely taken takes taking talked talking
    teacher teachers their theirs them themselves there these thing things think thinking third those though thought
    three through thursday times today together told tomorrow tonight toward towards tried trying tuesday turned twice
    under understand until using usually wanted wants wasn watch wednesday weeks weren whatever when whenever where
    whether which while whole whose within without wonder words worked working works would wouldn write writing written
    wrong years yesterday you're yours yourself
"""
_SPANISH = """
    ahora además algo alguien alguna algunas alguno algunos alumna alumnas alumno alumnos antes aquel aquella aquello
    aquellos aquí aunque bastante buena bueno cada casi clase clases como comparto cómo conmigo contra cosas cuáles
    cualquier cuando cuándo cuanto cuánto cuántos cuenta debería debemos decir dejar demás dentro desde después dicen
    dicho dijeron dijo días durante ellas ellos embargo empecé empezar encima entonces entre escribí escribir escuela
    estaba estaban estado estamos estar estas estos estoy estudiante estudiantes estuve estuvo fueron fuera gente grande
    grupo haber había habían hablar hablé hacemos hacen hacer hacia haciendo hasta hecho hicieron hicimos hicimos hizo
    hora horas hubiera igual jueves juntos luego lugar lunes maestra maestras maestro maestros manera mañana martes
    mayor mejor menos mientras miércoles mínimo minutos misma mismas mismo mismos mucha muchas mucho muchos nadie
    necesito ninguna ninguno nosotras nosotros nuestra nuestras nuestro nuestros nunca ocurrió otras otros parece parte
    pasado pensar pequeña pequeño pero persona personas poder podemos podía porque posible primer primera primero
    profesor profesora profesores propia propio pudimos pueden puede puedo pues queda quería quien quién quienes quiero
    quizá quizás saber según semana semanas sería siempre siendo sigue siguiente sobre solamente solo sólo somos suele
    tampoco tanta tanto tantos tarde tener tenemos tengo tenía tiempo tiene tienen toda todas todavía todos trabajar
    trabajo través usted ustedes varias varios veces viernes vimos vuelto
"""
COMMON_WORDS = frozenset((*_ENGLISH.split(), *_SPANISH.split()))
"""Words that never count as coming back."""
