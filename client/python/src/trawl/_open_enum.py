"""An enum of a contract that grows."""

import enum


class OpenEnum(enum.IntEnum):
    """Takes any integer: one without a name becomes a member named UNKNOWN_<number>."""

    @classmethod
    def _missing_(cls, value: object) -> "OpenEnum | None":
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        # As a member that was declared: the same number gives the same object.
        return cls._value2member_map_.setdefault(value, member)  # type: ignore[return-value]
