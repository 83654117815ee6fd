"""Labelled phrases: what asks for somebody's own experience of violence, for one other person, or for a place in free text.

A false alarm costs more than a miss, so there are as many phrases that must not fire as phrases that must.
"""

from __future__ import annotations

import pytest

from conftest import ROOT, forms_in
from pimforms.model.form import Question
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.resolve.form import resolve
from pimforms.rules import gbv, words
from pimforms.source import Place, Source
from pimforms.standards.data import data_path, table
from pimforms.syntax.parse import parse

NOWHERE = Place(Source("here.pim", "here"), 0, 1)

# ---- gender-based violence (PIM205)
EXPERIENCE = {
    "en": (
        "Was she forced to have sex?",
        "Did anybody touch you in a bad way?",
        "Did he make you do sexual things?",
        "Has someone in your family been abused sexually?",
        "Have you exchanged sex for food?",
        "Did anyone ask you for sexual favours?",
        "Did soldiers rape women here?",
        "How many rape cases do you know of?",
        "Have you undergone FGM?",
        "Are you afraid of your husband?",
        "Have you ever been raped?",
        "Were you forced to have sex in the last 12 months?",
        "Has your husband ever hit you?",
        "Does your partner threaten or humiliate you?",
        "Have you been slapped or kicked by your husband?",
        "Has anyone in your household been sexually abused?",
        "In the last 3 months, has any member of your household experienced gender-based violence?",
        "Did a woman or girl in your family suffer sexual violence on the way here?",
        "Has there been sexual violence against you or a member of your household?",
        "Have you experienced any form of sexual harassment by aid workers?",
        "Has anyone forced you to have sex when you did not want to?",
        "Are you a survivor of sexual assault?",
        "How many women here were raped last month?",
        "How many cases of domestic violence happened in this block?",
        "Do you know a woman who was raped in this camp?",
        "Have you been sexually touched against your will?",
        "Please describe your own experience of sexual violence.",
        "Did you report the rape to the police?",
        "Were you a victim of SGBV during your displacement?",
    ),
    "fr": (
        "A-t-elle été forcée d'avoir des rapports ?",
        "Avez-vous peur de votre mari ?",
        "Avez-vous déjà été violée ?",
        "Avez-vous subi des violences sexuelles pendant le voyage ?",
        "Votre mari vous frappe-t-il ?",
        "Votre partenaire vous a-t-il déjà battue ou giflée ?",
        "Quelqu'un de votre ménage a-t-il subi une agression sexuelle ?",
        "Une femme de votre famille a-t-elle été victime de violence conjugale ?",
        "Avez-vous été forcée à avoir des rapports sexuels ?",
        "Combien de femmes ont été violées ici le mois dernier ?",
        "Connaissez-vous une femme qui a subi un viol ?",
    ),
    "es": (
        "¿La obligaron a tener sexo?",
        "¿Tiene miedo a su marido?",
        "¿Ha sufrido usted violencia sexual?",
        "¿Ha sido violada alguna vez?",
        "¿Su marido la golpea?",
        "¿Su pareja la ha amenazado o insultado?",
        "¿Alguien de su hogar ha sufrido abuso sexual?",
        "¿La han obligado a tener relaciones sexuales?",
        "¿Cuántas mujeres fueron violadas aquí el mes pasado?",
        "¿Algún miembro de su familia fue víctima de violencia de género?",
    ),
    "ar": (
        "هل تخافين من زوجك؟",
        "هل تعرضت للعنف الجنسي؟",
        "هل سبق أن تعرضتِ للاغتصاب؟",
        "هل يضربك زوجك؟",
        "هل تعرض أحد أفراد أسرتك للتحرش؟",
        "كم امرأة تعرضت للاغتصاب هنا؟",
        "هل أجبرك أحد على ممارسة الجنس؟",
    ),
}
NO_EXPERIENCE = {
    "en": (
        "Did anybody touch the water pump?",
        "Is there an office where sexual exploitation can be reported?",
        "Are people here afraid of the road at night?",
        "Do you know where to go after a rape?",
        "How many safe spaces for women are there?",
        "Is there a programme against early marriage here?",
        "Is there violence in this area?",
        "Where can a woman go if her husband hits her?",
        "Which service can help a woman who was raped?",
        "Is there a health place that women can reach at any hour after sexual violence?",
        "Have you heard of a service for survivors of sexual violence?",
        "Have you received information on gender-based violence services?",
        "Do women feel safe on the way to the latrines?",
        "Which places do women and girls avoid?",
        "Do you feel safe when you walk here at night?",
        "Is domestic violence a worry for women here?",
        "Has anyone in your household heard about the centre for survivors of sexual violence?",
        "How many staff are trained on gender-based violence?",
        "How many women know where to go after sexual violence?",
        "Did your husband work in the last 30 days?",
        "Did your partner come with you?",
        "Was your house hit by the storm?",
        "Has anyone in your household been ill?",
        "Were you forced to leave your home?",
        "Have you sold rapeseed oil at the market?",
        "What is your sex?",
        "Do the latrines for women lock from inside?",
    ),
    "fr": (
        "Y a-t-il de la violence dans ce quartier ?",
        "Où une femme peut-elle aller si son mari la frappe ?",
        "Avez-vous entendu parler d'un service pour les survivantes de violences sexuelles ?",
        "Les femmes se sentent-elles en sécurité la nuit ?",
        "Votre mari a-t-il travaillé ces 30 derniers jours ?",
        "Quels endroits les femmes et les filles évitent-elles ?",
        "Le violet est-il la couleur de la tente ?",
        "Avez-vous été forcés de quitter votre maison ?",
        "Combien de femmes connaissent un service après un viol ?",
    ),
    "es": (
        "¿Hay violencia en esta zona?",
        "¿Dónde puede ir una mujer si su marido la golpea?",
        "¿Ha oído hablar de un servicio para sobrevivientes de violencia sexual?",
        "¿Se sienten seguras las mujeres de noche?",
        "¿Su esposo trabajó en los últimos 30 días?",
        "¿Ha sufrido usted una violación de sus derechos como inquilino?",
        "¿Qué lugares evitan las mujeres y las niñas?",
        "¿La han obligado a dejar su casa?",
    ),
    "ar": (
        "هل يوجد عنف في هذه المنطقة؟",
        "أين يمكن للمرأة أن تذهب إذا ضربها زوجها؟",
        "هل تشعر النساء بالأمان ليلًا؟",
        "هل سمعت عن خدمات للناجيات من العنف الجنسي؟",
        "ما الأماكن التي تتجنبها النساء والفتيات؟",
        "هل يعمل زوجك؟",
    ),
}

# ---- one other person (PIM211)
NAMED = {
    "en": (
        "Which neighbour did this to you?",
        "Which commander controls this road?",
        "Who is the leader of the armed group?",
        "Which officer refused your papers?",
        "Who recruits children here?",
        "Who in this village works with the army?",
        "What is the rank of the officer?",
        "Which unit took them?",
        "Which family member hurt you?",
        "Who commands the checkpoint?",
        "Who controls the checkpoint on the road to town?",
        "Who did it?",
        "Who attacked you?",
        "Who took the documents?",
        "What is the name of the person who hit the child?",
        "Name of the perpetrator",
        "What is the name of the smuggler?",
        "Can you describe the man who took her?",
        "Who committed the attack?",
        "What is the landlord's name?",
    ),
    "fr": (
        "Quel policier a refusé vos papiers ?",
        "Qui est le chef du groupe armé ?",
        "Qui recrute les enfants ici ?",
        "Qui commande le poste de contrôle ?",
        "Qui contrôle le barrage ?",
        "Qui vous a attaqué ?",
        "Quel est le nom de la personne qui a pris l'enfant ?",
        "Nom du passeur",
        "Décrivez l'agresseur.",
    ),
    "es": (
        "¿Qué soldado le quitó los documentos?",
        "¿Quién es el jefe del grupo armado?",
        "¿Quién recluta a los niños?",
        "¿Quién manda en el retén?",
        "¿Quién lo hizo?",
        "¿Quién la golpeó?",
        "¿Cuál es el nombre de la persona que se llevó al niño?",
        "Nombre del agresor",
        "¿Puede describir al hombre que la atacó?",
    ),
    "ar": (
        "من هو قائد الجماعة؟",
        "من يجند الأطفال هنا؟",
        "أي ضابط أخذ أوراقك؟",
        "من يسيطر على الحاجز؟",
        "من هو القائد؟",
        "من اعتدى عليك؟",
        "ما اسم الشخص الذي أخذ الطفل؟",
        "من فعل ذلك؟",
    ),
}
NOT_NAMED = {
    "en": (
        "Who is the head of your household?",
        "Which unit of measure do you use?",
        "Who leads the women's group?",
        "Which family members live here?",
        "Which neighbourhood is this?",
        "What work does the guard's family need?",
        "Who decides in your household how money is spent?",
        "Who helps you when you are ill?",
        "Who fetches water in your household?",
        "Who told you about this service?",
        "What is the name of the nearest health centre?",
        "What is the name of the market?",
        "Did soldiers keep you from passing?",
        "Is there a checkpoint on the road?",
        "Who is in charge of the water point?",
        "Describe the main problem with the road.",
        "Who took part in the meeting?",
    ),
    "fr": (
        "Qui est le chef du ménage ?",
        "Quels membres de la famille vivent ici ?",
        "Qui décide dans votre ménage ?",
        "Qui va chercher l'eau ?",
        "Quel est le nom du centre de santé le plus proche ?",
        "Y a-t-il un poste de contrôle sur la route ?",
        "Décrivez le problème principal de la route.",
        "Qui vous a parlé de ce service ?",
    ),
    "es": (
        "¿Quién es el jefe del hogar?",
        "¿Qué familiares viven aquí?",
        "¿Quién decide en su hogar?",
        "¿Quién va por agua?",
        "¿Cuál es el nombre del centro de salud?",
        "¿Hay un retén en el camino?",
        "¿Quién le habló de este servicio?",
    ),
    "ar": (
        "من هو رب الأسرة؟",
        "اذكر أسماء الأشخاص الذين يعيشون في منزلك",
        "من يقرر في أسرتك؟",
        "من يجلب الماء؟",
        "ما اسم أقرب مركز صحي؟",
        "هل يوجد حاجز على الطريق؟",
    ),
}

# ---- a place in free text (PIM804)
PLACE = {
    "en": (
        "Village",
        "Name of the village",
        "What is the name of this camp?",
        "In which district do you live?",
        "Which village is this?",
        "Write the name of the town",
        "Camp name",
        "Where do you live?",
    ),
    "fr": (
        "Village",
        "Nom du village",
        "Dans quel district habitez-vous ?",
        "Quel est le nom de ce camp ?",
        "Où habitez-vous ?",
    ),
    "es": ("Municipio", "Nombre del pueblo", "¿En qué distrito vive?", "¿Cuál es su barrio?", "¿Dónde vive?"),
    "ar": ("القرية", "اسم المخيم", "في أي منطقة تسكن؟", "أين تسكن الآن؟"),
}
ORIGIN = {
    "en": ("Which village did you come from?", "Place of origin", "Where do you come from?", "District of origin"),
    "fr": ("De quel village venez-vous ?", "Lieu d'origine", "D'où venez-vous ?"),
    "es": ("¿De qué pueblo viene?", "Lugar de origen", "¿De dónde viene?"),
    "ar": ("من أي قرية جئت؟", "مكان الأصل"),
}
NO_PLACE = {
    "en": (
        "What should change in this village?",
        "What do you like about this camp?",
        "How far is the next town?",
        "What is the name of the health centre?",
        "What is the main problem in this area?",
        "Which services are missing in your district?",
        "What else should we know about the site?",
        "Why did you choose this place?",
    ),
    "fr": (
        "Que faut-il changer dans ce village ?",
        "Quels services manquent dans votre district ?",
        "Quel est le nom du centre de santé ?",
        "Pourquoi avez-vous choisi ce lieu ?",
    ),
    "es": (
        "¿Qué debería cambiar en este pueblo?",
        "¿Qué servicios faltan en su distrito?",
        "¿Cuál es el nombre del centro de salud?",
        "¿Por qué eligió este lugar?",
    ),
    "ar": (
        "ما الذي يجب تغييره في هذه القرية؟",
        "ما الخدمات الناقصة في منطقتك؟",
        "ما اسم المركز الصحي؟",
    ),
}


def each(phrases: dict[str, tuple[str, ...]]) -> list[object]:
    return [pytest.param(lang, text, id=text) for lang, texts in phrases.items() for text in texts]


def text(language: str, said: str) -> Text:
    return Text({language: said}, NOWHERE)


def found(language: str, said: str, name: str, path: str, kind: str = "text") -> words.Hit | None:
    texts = (text(language, said),)
    return words.find(texts, words.possible(texts, name, path), kind)


def test_there_are_enough_phrases() -> None:
    for phrases in (EXPERIENCE, NO_EXPERIENCE, NAMED, NOT_NAMED, PLACE, NO_PLACE):
        assert set(phrases) == set(words.LANGUAGES)
    assert sum(map(len, (*EXPERIENCE.values(), *NO_EXPERIENCE.values()))) >= 30


@pytest.mark.parametrize(("language", "said"), each(EXPERIENCE))
def test_own_experience_of_violence_is_heard(language: str, said: str) -> None:
    assert found(language, said, "gbv_words", "direct") is not None


@pytest.mark.parametrize(("language", "said"), each(NO_EXPERIENCE))
def test_services_and_places_are_not_taken_for_experience(language: str, said: str) -> None:
    assert found(language, said, "gbv_words", "direct") is None


@pytest.mark.parametrize(("language", "said"), each(NAMED))
def test_one_other_person_is_heard(language: str, said: str) -> None:
    assert found(language, said, "third_party_words", "words") is not None


@pytest.mark.parametrize(("language", "said"), each(NOT_NAMED))
def test_helpers_and_institutions_are_not_taken_for_a_person(language: str, said: str) -> None:
    assert found(language, said, "third_party_words", "words") is None


@pytest.mark.parametrize(("language", "said"), each(PLACE))
def test_a_place_is_heard(language: str, said: str) -> None:
    hit = found(language, said, "place_words", "words")
    assert hit is not None and hit.entry.mark == ""


@pytest.mark.parametrize(("language", "said"), each(ORIGIN))
def test_a_place_of_before_is_heard_as_one(language: str, said: str) -> None:
    hit = found(language, said, "place_words", "words")
    assert hit is not None and hit.entry.mark == "origin"


@pytest.mark.parametrize(("language", "said"), each(NO_PLACE))
def test_what_is_said_of_a_place_is_not_taken_for_it(language: str, said: str) -> None:
    assert found(language, said, "place_words", "words") is None


TOPICS = {
    "ethnicity": ("What is your ethnic group?", "Quelle est votre ethnie ?", "¿A qué etnia pertenece?", "ما هي قبيلتك؟"),
    "religion": ("What is your religion?", "Quelle est votre religion ?", "¿Cuál es su religión?", "ما هي ديانتك؟"),
    "political_opinion": ("Which party did you vote for, and what is your political opinion?", "Pour qui avez-vous voté ?", "¿Por quién votó?", "ما هو انتماؤك السياسي؟"),
    "recruitment": ("Was a child recruited by an armed group?", "Un enfant a-t-il été recruté par un groupe armé ?", "¿Un niño fue reclutado por un grupo armado?", "هل حدث تجنيد للأطفال؟"),
    "nationality": ("What is your nationality?", "Quelle est votre nationalité ?", "¿Cuál es su nacionalidad?", "ما هي جنسيتك؟"),
    "gender_identity": ("What is your gender identity?", "Quelle est votre identité de genre ?", "¿Cuál es su identidad de género?", "ما هي الهوية الجندرية؟"),
    "detention": ("Was anyone detained?", "Quelqu'un est-il en détention ?", "¿Alguien está detenido?", "هل تعرض أحد للاعتقال؟"),
    "gbv_incident": ("Was there sexual violence?", "Y a-t-il eu des violences sexuelles ?", "¿Hubo violencia sexual?", "هل حدث عنف جنسي؟"),
    "torture": ("Was anyone tortured?", "Quelqu'un a-t-il subi la torture ?", "¿Alguien sufrió tortura?", "هل تعرض أحد للتعذيب؟"),
    "disappearance": ("Has anyone disappeared?", "Un de vos proches a-t-il disparu ?", "¿Tiene familiares desaparecidos?", "هل يوجد مفقودون؟"),
    "legal_status": ("What is your legal status?", "Avez-vous un titre de séjour ?", "¿Cuál es su situación legal?", "ما هو وضعك القانوني؟"),
}  # fmt: skip
HARMLESS = (
    ("en", "Which group of the community did you join at the meeting?"),
    ("en", "Did you go to a party in the last week?"),
    ("en", "Was the race at the school fair?"),
    ("en", "Is the desk open on Christmas?"),
    ("en", "Which recruitment office for teachers do you know?"),
    ("fr", "Quel est le prix de la farine ?"),
    ("fr", "Avez-vous participé à la réunion ?"),
    ("es", "¿Participó en la reunión?"),
    ("ar", "هل المكتب مفتوح؟"),
)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_forbidden_topic_is_heard_in_four_languages(topic: str) -> None:
    said = zip(words.LANGUAGES, TOPICS[topic], strict=True)
    assert [language for language, phrase in said if found(language, phrase, "topic_words", topic) is None] == []


def test_every_topic_with_words_has_phrases() -> None:
    assert set(table("topic_words")) - {"named"} == set(TOPICS)
    assert set(TOPICS) <= {*table("topics"), *table("concepts")}


@pytest.mark.parametrize(("language", "said"), HARMLESS)
def test_harmless_phrases_are_no_forbidden_topic(language: str, said: str) -> None:
    assert [topic for topic in TOPICS if found(language, said, "topic_words", topic)] == []


# ---- our own texts
def library_questions() -> list[tuple[str, Question]]:
    found: list[tuple[str, Question]] = []
    for path in forms_in(data_path("form_library", "modules")):
        if path.stem != "location_cascade":
            tree, _ = parse(Source("all.pim", f'form all "All"\n  languages en, fr, es, ar\nuse {path.stem}\n'))
            form = resolve(tree, ROOT)[0]
            assert form is not None
            found += [(path.stem, item) for item in walk(form.items) if isinstance(item, Question)]
    return found


def test_the_library_asks_for_none_of_it() -> None:
    said = []
    for module, item in library_questions():
        tables = (("gbv_words", "direct"), ("third_party_words", "words"), ("place_words", "words"))
        for name, path in tables if item.kind == "text" else tables[:2]:
            texts = (item.label, item.hint)
            if words.find(texts, words.possible(texts, name, path), item.kind):
                said.append(f"{module}.{item.name}: {name}")
    assert said == []


def test_a_choice_can_say_what_the_question_does_not() -> None:
    tree, _ = parse(
        Source(
            "x.pim",
            'form x "X"\nask what many "Which of these happened to you on the way?"\n'
            ' - robbed "Robbery"\n - raped "Rape or sexual assault"\n'
            'ask worry many "Which of these do women here worry about?"\n - dark "Dark paths"\n - sv "Sexual violence"\n',
        )
    )
    form = resolve(tree, ROOT)[0]
    assert form is not None
    asked = [item for item in walk(form.items) if isinstance(item, Question)]
    experience = gbv._Experience(form, tuple(asked))
    assert [experience.words(item) for item in asked] == ["Rape", None]
