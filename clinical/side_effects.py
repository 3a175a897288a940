"""The coded side effects: what can be ticked, when it is expected, and its standard names.

Names follow MedDRA preferred terms; `snomed_confirmed` tells whether a SNOMED code was checked
against its source. `watch` marks an entry that a clinician should see whatever its severity.
Severity words follow CTCAE v5 grades; like every unconfirmed code they are listed for a clinician's
sign-off in docs/sign-off.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Window = Literal["acute", "between", "both"]

SEVERITIES: Mapping[int, str] = {
    1: "noticeable",
    2: "gets in the way",
    3: "cannot do usual things",
    4: "needed help at once",
}


@dataclass(frozen=True, slots=True)
class SideEffect:
    """`window`: acute = on the dosing day, between = from the day after, both = either."""

    code: str
    label: str
    window: Window
    meddra_term: str | None = None
    snomed_code: str | None = None
    snomed_confirmed: bool = False
    watch: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def _confirmed(code: str, label: str, window: Window, term: str, snomed: str) -> SideEffect:
    return SideEffect(code, label, window, term, snomed, snomed_confirmed=True)


_LIST = (
    _confirmed("dizziness", "Dizziness", "acute", "Dizziness", "404640003"),
    SideEffect("dissociation", "Feeling detached or unreal", "acute", "Dissociation"),
    _confirmed("nausea", "Nausea", "acute", "Nausea", "422587007"),
    _confirmed("vomiting", "Vomiting", "acute", "Vomiting", "422400008"),
    SideEffect("headache", "Headache", "both", "Headache", "25064002"),
    SideEffect("sedation", "Sleepiness", "acute", "Somnolence", "271782001"),
    SideEffect("fatigue", "Tiredness", "between", "Fatigue", "84229001"),
    SideEffect("vertigo", "Spinning", "acute", "Vertigo", "399153001"),
    _confirmed("taste_change", "Odd taste", "acute", "Dysgeusia", "271801002"),
    _confirmed("blurred_vision", "Blurred vision", "acute", "Vision blurred", "111516008"),
    SideEffect("double_vision", "Double vision", "acute", "Diplopia", "24982008"),
    SideEffect("numbness", "Numbness", "acute", "Hypoaesthesia", "44077006"),
    SideEffect("tingling", "Tingling", "acute", "Paraesthesia", "91019004"),
    SideEffect("anxiety", "Anxiety", "both", "Anxiety", "48694002"),
    SideEffect("panic", "Panic", "both", "Panic attack"),
    SideEffect("irritability", "Irritability", "between", "Irritability", "55929007"),
    SideEffect("agitation", "Restlessness", "between", "Agitation", "24199005"),
    SideEffect("palpitations", "Pounding heart", "acute", "Palpitations", "80313002"),
    SideEffect(
        "raised_blood_pressure", "Raised blood pressure", "acute",
        "Blood pressure increased", "24184005",
    ),
    SideEffect("insomnia", "Trouble sleeping", "between", "Insomnia", "193462001"),
    SideEffect("nightmares", "Nightmares", "between", "Nightmare"),
    _confirmed("memory", "Trouble remembering", "between", "Memory impairment", "386807006"),
    SideEffect("concentration", "Trouble concentrating", "between", "Disturbance in attention"),
    SideEffect(
        "hallucination", "Seeing or hearing things", "both", "Hallucination", "7011001", watch=True
    ),
    SideEffect("paranoia", "Feeling threatened or watched", "both", "Paranoia", watch=True),
    SideEffect("elation", "Unusually high mood", "between", "Euphoric mood", watch=True),
    SideEffect("little_need_of_sleep", "Hardly needing sleep", "between", "Hypomania", watch=True),
    SideEffect(
        "urinary_pain", "Pain when passing water", "between", "Dysuria", "49650001", True, True
    ),
    SideEffect(
        "urinary_frequency", "Passing water often", "between",
        "Pollakiuria", "162116003", True, True,
    ),
    SideEffect(
        "urinary_urgency", "Sudden need to pass water", "between",
        "Micturition urgency", "75088002", True, True,
    ),
    SideEffect(
        "urinary_blood", "Blood in urine", "between", "Haematuria", "34436003", watch=True
    ),
    SideEffect("craving", "Craving for ketamine", "between", "Drug craving", watch=True),
    SideEffect("extra_use", "Took more than prescribed", "between", "Drug abuse", watch=True),
    SideEffect("nasal_discomfort", "Nasal discomfort", "acute", "Nasal discomfort"),
    SideEffect("feeling_drunk", "Feeling drunk", "acute", "Feeling drunk"),
    SideEffect("dry_mouth", "Dry mouth", "acute", "Dry mouth"),
)  # fmt: skip

SIDE_EFFECTS: Mapping[str, SideEffect] = {effect.code: effect for effect in _LIST}
