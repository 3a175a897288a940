"""What a scale's score fires beside its safety item: M2 worse, E2 of the bladder, U1 of craving."""

from collections.abc import Mapping, Sequence

from clinical.safety import PHQ9, Finding

WORSE_BY = 5  # 5d M2: PHQ-9 above the best one so far; a reliable worsening of 6 is more than that
BLADDER_SCREEN, CRAVING_SCREEN = "bladder", "craving"
# Of the screen's items: frequency, urgency, pain, blood, nocturia (2d); 5d E2 names pain and blood.
BLADDER_CODES = (
    "urinary_frequency", "urinary_urgency", "urinary_pain", "urinary_blood", "nocturia",
)  # fmt: skip
_ALWAYS = frozenset({"urinary_pain", "urinary_blood"})
LEAST_SYMPTOMS = 2
STRONG_CRAVING = 7  # 5d U1, twice


def has_rules(instrument: str) -> bool:
    """Whether a score of this scale can fire a rule of this kind."""
    return instrument in (PHQ9, BLADDER_SCREEN, CRAVING_SCREEN)


def of_score(
    instrument: str,
    items: Sequence[int | None] | None,
    total: float | None,
    earlier: Sequence[float],
) -> Sequence[Finding]:
    """What the score fires; `earlier` are the scores before it, newest first."""
    told = {"instrument": instrument, "total": total}
    if instrument == PHQ9 and total is not None and earlier:
        best = min(earlier)
        if total - best >= WORSE_BY:
            return [Finding("M2", "normal", "", {**told, "best": best})]
    is_craving = instrument == CRAVING_SCREEN and total is not None and total >= STRONG_CRAVING
    if is_craving and earlier and earlier[0] >= STRONG_CRAVING:
        return [Finding("U1", "normal", "U1", {**told, "codes": ["craving"]})]
    if instrument == BLADDER_SCREEN:
        return _of_bladder(items or (), told)
    return []


def _of_bladder(items: Sequence[int | None], told: Mapping[str, object]) -> Sequence[Finding]:
    named = zip(BLADDER_CODES, items, strict=False)
    codes = sorted(code for code, value in named if value)
    if _ALWAYS & set(codes) or len(codes) >= LEAST_SYMPTOMS:
        return [Finding("E2", "normal", "E2", {**told, "codes": codes})]
    return []
