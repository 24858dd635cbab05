"""The kinds of wrongness that X12 numbers, one enum per level so that equal codes never compare equal."""

from enum import Enum


class InterchangeFault(Enum):
    """TA105, data element I18: what is wrong with an ISA/IEA envelope."""

    CONTROL_NUMBER_MISMATCH = "001"
    STANDARD_NOT_SUPPORTED = "002"
    VERSION_NOT_SUPPORTED = "003"
    SEGMENT_TERMINATOR = "004"
    SENDER_QUALIFIER = "005"
    SENDER_ID = "006"
    RECEIVER_QUALIFIER = "007"
    RECEIVER_ID = "008"
    RECEIVER_UNKNOWN = "009"
    AUTHORIZATION_QUALIFIER = "010"
    AUTHORIZATION_INFORMATION = "011"
    SECURITY_QUALIFIER = "012"
    SECURITY_INFORMATION = "013"
    DATE = "014"
    TIME = "015"
    STANDARDS_ID = "016"
    VERSION_ID = "017"
    CONTROL_NUMBER = "018"
    ACKNOWLEDGMENT_REQUESTED = "019"
    TEST_INDICATOR = "020"
    GROUP_COUNT = "021"
    CONTROL_STRUCTURE = "022"
    IMPROPER_END = "023"
    INVALID_CONTENT = "024"
    DUPLICATE_CONTROL_NUMBER = "025"
    ELEMENT_SEPARATOR = "026"
    COMPONENT_SEPARATOR = "027"
    DEFERRED_DELIVERY = "028"
    GRADE_OF_SERVICE = "031"


class GroupFault(Enum):
    """AK905, data element 716: what is wrong with a functional group."""

    NOT_SUPPORTED = "1"
    VERSION_NOT_SUPPORTED = "2"
    TRAILER_MISSING = "3"
    CONTROL_NUMBER_MISMATCH = "4"
    SET_COUNT = "5"
    CONTROL_NUMBER_SYNTAX = "6"
    CONTROL_NUMBER_NOT_UNIQUE = "19"


class SetFault(Enum):
    """AK502, data element 718: what is wrong with a transaction set as a whole."""

    NOT_SUPPORTED = "1"
    TRAILER_MISSING = "2"
    CONTROL_NUMBER_MISMATCH = "3"
    SEGMENT_COUNT = "4"
    SEGMENTS_IN_ERROR = "5"
    SET_ID = "6"
    CONTROL_NUMBER = "7"
    CONTROL_NUMBER_NOT_UNIQUE = "23"


class SegmentFault(Enum):
    """AK304, data element 720: what is wrong with a segment."""

    UNRECOGNIZED = "1"
    UNEXPECTED = "2"
    MANDATORY_MISSING = "3"
    LOOP_OVER_MAXIMUM = "4"
    OVER_MAXIMUM_USE = "5"
    NOT_IN_SET = "6"
    OUT_OF_SEQUENCE = "7"
    ELEMENT_ERRORS = "8"


class ElementFault(Enum):
    """AK403, data element 723: what is wrong with an element."""

    MANDATORY_MISSING = "1"
    CONDITIONAL_MISSING = "2"
    TOO_MANY_ELEMENTS = "3"
    TOO_SHORT = "4"
    TOO_LONG = "5"
    INVALID_CHARACTER = "6"
    INVALID_CODE = "7"
    INVALID_DATE = "8"
    INVALID_TIME = "9"
    EXCLUSION_VIOLATED = "10"
    TOO_MANY_REPETITIONS = "12"
    TOO_MANY_COMPONENTS = "13"


Fault = InterchangeFault | GroupFault | SetFault | SegmentFault | ElementFault


class Repair(Enum):
    """A named damage that the X12 reader mends with a warning, unless the agreement forbids it."""

    BOM = "BOM"
    LEADING_BLANKS = "LEADING_BLANKS"
    INDENT = "INDENT"
    WRAPPED_LINES = "WRAPPED_LINES"
    ISA_REALIGNED = "ISA_REALIGNED"
    MISSING_ISA16 = "MISSING_ISA16"
    EXTRA_BLANKS = "EXTRA_BLANKS"
    TRAILING_SEPARATORS = "TRAILING_SEPARATORS"
    MISSING_LAST_TERMINATOR = "MISSING_LAST_TERMINATOR"
    GARBAGE = "GARBAGE"
