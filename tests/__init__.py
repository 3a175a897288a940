"""Every promise, held. Through HTTP for behaviour, pure for clinical/."""
