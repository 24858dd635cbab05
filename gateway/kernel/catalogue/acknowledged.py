"""What the codes of a TA1, 997 or 999 mean, by element and value, in words of our own; also those that we never send."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from gateway.kernel.catalogue.entry import OURS, THEIRS, VALIDATE, Entry

_WHO = "whoever sent the document that is answered"
_AGAIN = "If it was rejected, correct it and send it again under a new number."

ELEMENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "TA104": ("TA1, the answer to a whole envelope: its verdict",
                  "The fourth value of a TA1 says what became of a whole X12 envelope (interchange)."),
        "TA105": ("TA1, the answer to a whole envelope: what is wrong with it",
                  "The fifth value of a TA1 says what is wrong with the envelope (interchange) of an X12 file, that is with its first line ISA or its last line IEA."),
        "AK901": ("997, the group: its verdict",
                  "The first value of AK9 says what became of all documents in a group (from GS to GE)."),
        "AK905": ("997, the group: what is wrong with it",
                  "The fifth value of AK9 says what is wrong with a group of documents, that is with the lines GS and GE around them."),
        "AK501": ("997, one document: its verdict",
                  "The first value of AK5 says what became of one document (set), such as one invoice. In a 999 it stands in IK5."),
        "AK502": ("997, one document: what is wrong with it",
                  "The second and further values of AK5 (in a 999: IK5) say what is wrong with one document (set) as a whole."),
        "AK304": ("997, one segment: what is wrong with it",
                  "AK3 (in a 999: IK3) names a segment, that is a line of the document, and its number counted from ST; its fourth value says what is wrong with it."),
        "AK403": ("997, one value: what is wrong with it",
                  "AK4 (in a 999: IK4) names a value by its position in the segment that the AK3 before it names; its third value says what is wrong, its fourth repeats the bad value."),
    }
)  # fmt: skip
"""What each element is, in the order of the page: title and what it tells."""

_VALUES: Mapping[str, Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "TA104": {
            "A": ("The envelope was accepted", "It could be read, and its content is looked at next.", "Nothing."),
            "E": ("The envelope was accepted, with errors", "It was taken although something in it is wrong; TA105 says what.", "Correct it the next time; nothing has to be sent again."),
            "R": ("The envelope was rejected", "Nothing in it was taken; TA105 says why.", _AGAIN),
        },
        "TA105": {
            "000": ("Nothing is wrong", "The envelope is in order.", "Nothing."),
            "001": ("The numbers of ISA and IEA differ", "The number in the last line (IEA02) must repeat that of the first (ISA13). The file may be mixed up of two.", "Send the same number in ISA13 and IEA02."),
            "002": ("This standard is not taken", "ISA11 names a standard that the receiver does not know.", "Send 'U' in ISA11, or ask the receiver."),
            "003": ("This version of the envelope is not taken", "ISA12 names a version that the receiver does not know.", "Agree on a version, such as 00401."),
            "004": ("The sign that ends segments cannot be used", "It is a letter or digit, or was changed on the way by a conversion.", "End segments with a sign that stands nowhere else."),
            "005": ("The qualifier of the sender's id is wrong", "ISA05 says of what kind the id in ISA06 is (ZZ: by agreement), and has no such code.", "Send the agreed code in ISA05."),
            "006": ("The sender's id is wrong", "The id in ISA06 is unknown to the receiver, or not 15 characters long.", "Compare ISA06 with what was agreed; fill it with blanks to 15."),
            "007": ("The qualifier of the receiver's id is wrong", "ISA07 says of what kind the id in ISA08 is, and has no such code.", "Send the agreed code in ISA07."),
            "008": ("The receiver's id is wrong", "The id in ISA08 is not theirs, or not 15 characters long.", "Compare ISA08 with what was agreed; fill it with blanks to 15."),
            "009": ("The receiver is unknown", "Nobody of the id in ISA08 is known where the file arrived, often a mailbox provider.", "Ask whether the file went to the right place."),
            "010": ("The authorization qualifier is wrong", "ISA01 has a code of no list; 00 is usual.", "Send 00 in ISA01, unless something else was agreed."),
            "011": ("The authorization information is wrong", "ISA02 is not 10 characters long, or not what was agreed.", "Send 10 blanks in ISA02, unless something else was agreed."),
            "012": ("The security qualifier is wrong", "ISA03 has a code of no list; 00 is usual.", "Send 00 in ISA03, unless something else was agreed."),
            "013": ("The security information is wrong", "ISA04 is not 10 characters long, or not the password that was agreed.", "Send 10 blanks in ISA04, or the agreed password."),
            "014": ("The date of the envelope is wrong", "ISA09 is no date of six digits, year first.", "Send a real date in ISA09: 261120."),
            "015": ("The time of the envelope is wrong", "ISA10 is no time of four digits.", "Send a real time in ISA10: 0815."),
            "016": ("The standards id is wrong", "ISA11 has a sign that cannot stand there in this version.", "Send 'U' in ISA11 before version 00402."),
            "017": ("The version of the envelope is wrong", "ISA12 names no version at all.", "Send a version such as 00401 in ISA12."),
            "018": ("The number of the envelope is wrong", "ISA13 is no number of nine digits.", "Send nine digits in ISA13."),
            "019": ("The wish for an answer is wrong", "ISA14 is neither 0 (no TA1 wanted) nor 1.", "Send 0 or 1 in ISA14."),
            "020": ("The test mark is wrong", "ISA15 is neither P (real) nor T (test).", "Send P or T in ISA15."),
            "021": ("The count of groups is wrong", "IEA01 counts the groups in the envelope, and there are more or fewer. Part of the file may be missing.", "Count the groups in IEA01."),
            "022": ("The structure of the envelope is wrong", "Something stands outside of any group (GS to GE).", "Put each document into a group."),
            "023": ("The envelope ends improperly", "The last line IEA is missing: the transfer probably broke off.", "Send the whole file again."),
            "024": ("Something in the envelope is invalid", "The header of a group (GS) is wrong, or something stands between two documents.", "Correct the GS, or leave out what stands between."),
            "025": ("The number of the envelope was used before", "ISA13 is used once only, and an earlier file had it. The receiver took this one for a repetition.", "Send it again under a new number in ISA13."),
            "026": ("The sign between values cannot be used", "The element separator, the fourth character of the file, is a letter, digit or blank.", "Use a sign such as *."),
            "027": ("The sign between parts of a value cannot be used", "ISA16, the component separator, is missing or one that stands in values.", "Use a sign such as > in ISA16."),
            "028": ("Delivery at another time is not offered", "The file asks to be handed on later (ISE), which the receiver does not do.", "Leave out the segment ISE."),
            "029": ("The time of delivery is not taken", "The file asks for a time of delivery that is wrong or not offered.", "Leave out the segment ISE."),
            "030": ("The time code of delivery is not taken", "The file names a time code for a later delivery that is wrong.", "Leave out the segment ISE."),
            "031": ("The grade of service is not offered", "The file asks to be treated with priority (ISB), which the receiver does not do.", "Leave out the segment ISB."),
        },
        "AK901": {
            "A": ("All documents of the group were accepted", "Each of them could be read; whether somebody agrees to the content is another matter.", "Nothing."),
            "E": ("The group was accepted, with errors", "All were taken although something is wrong.", "Correct it the next time."),
            "P": ("Some documents of the group were rejected", "AK904 says how many were accepted; AK2 and AK5 say which were not.", "Correct those that were rejected, and send only them again."),
            "R": ("The whole group was rejected", "None of its documents was taken.", _AGAIN),
            "M": ("The group was rejected: it could not be authenticated", "The receiver could not make sure who sent it.", "Ask the receiver."),
            "W": ("The group was rejected: its seal did not fit", "The receiver's test of an encrypted or sealed group failed.", "Ask the receiver."),
            "X": ("The group was rejected: it could not be decrypted", "The receiver could not read an encrypted group.", "Ask the receiver."),
        },
        "AK905": {
            "1": ("Groups of this kind are not taken", "GS01 names a kind of document that the receiver does not take.", "Ask the receiver what they take."),
            "2": ("This version is not taken", "GS08 names a version of the standard that the receiver does not know.", "Agree on a version, such as 004010."),
            "3": ("The end of the group is missing", "There is no line GE: part of the file may be missing.", "Send the whole group again."),
            "4": ("The numbers of GS and GE differ", "GE02 must repeat the number in GS06.", "Send the same number in GS06 and GE02."),
            "5": ("The count of documents is wrong", "GE01 counts the documents of the group, and there are more or fewer. Some may be missing.", "Count the documents in GE01."),
            "6": ("The number of the group is malformed", "GS06 is no number of one to nine digits.", "Send a number in GS06."),
            "19": ("The number of the group was used before", "Another group in the envelope has the same number in GS06.", "Number the groups so that no number comes twice."),
        },
        "AK501": {
            "A": ("The document was accepted", "It could be read; whether somebody agrees to it is another matter.", "Nothing."),
            "E": ("The document was accepted, with errors", "It was taken although something is wrong; AK3 and AK4 say what.", "Correct it the next time."),
            "R": ("The document was rejected", "It does not exist for the receiver; AK3, AK4 and AK502 say why.", _AGAIN),
            "M": ("The document was rejected: it could not be authenticated", "The receiver could not make sure who sent it.", "Ask the receiver."),
            "W": ("The document was rejected: its seal did not fit", "The receiver's test of an encrypted or sealed document failed.", "Ask the receiver."),
            "X": ("The document was rejected: it could not be decrypted", "The receiver could not read an encrypted document.", "Ask the receiver."),
        },
        "AK502": {
            "1": ("This document is not taken", "The receiver does not take documents of this number (ST01).", "Ask the receiver what they take."),
            "2": ("The end of the document is missing", "There is no line SE that ends the document.", "End each document with SE."),
            "3": ("The numbers of ST and SE differ", "SE02 must repeat the number in ST02.", "Send the same number in ST02 and SE02."),
            "4": ("The count of segments is wrong", "SE01 counts the lines from ST to SE, and there are more or fewer. Lines may be missing.", "Count the segments in SE01, ST and SE included."),
            "5": ("Segments are wrong", "One or more lines of the document are wrong; the AK3 and AK4 before this say which.", "Look at AK3 and AK4, correct and send again."),
            "6": ("The number of the kind of document is wrong", "ST01 is missing, unknown, or does not belong into this group.", "Send the right number in ST01, such as 850, in a group of its kind."),
            "7": ("The number of the document is wrong", "ST02 is missing or malformed.", "Send a number of 4 to 9 characters in ST02."),
            "23": ("The number of the document came before in its group", "Two documents of one group have the same number in ST02.", "Number the documents of a group so that no number comes twice."),
            "I6": ("The partner's own guide is not kept", "The standard is kept, but the paper of the receiver asks for more.", "Look into the receiver's paper; the AK3 before this says where."),
        },
        "AK304": {
            "1": ("No such segment is known", "The name of the line is none of the standard.", "Leave the segment out, or correct its name."),
            "2": ("The segment was not expected there", "The line exists, but nothing like it may follow what stands before it.", "Put it where it belongs, or leave it out."),
            "3": ("A segment that must be there is missing", "The standard wants this line in each such document.", "Add the segment."),
            "4": ("A group of segments comes too often", "Lines that belong together, such as one address, are repeated more often than allowed.", "Send fewer of them."),
            "5": ("The segment comes too often", "This line may stand there only so many times.", "Send it less often."),
            "6": ("The segment does not belong into this document", "The line exists in the standard, but not in documents of this kind.", "Leave the segment out."),
            "7": ("The segment stands in the wrong order", "The line belongs to the document, but before or after others.", "Put it where it belongs."),
            "8": ("Values of the segment are wrong", "The line may stand there; the AK4 behind this say which of its values is wrong.", "Correct the values that AK4 names."),
            "I4": ("The partner's own guide does not use the segment", "The standard allows it, the receiver's paper does not.", "Leave the segment out for this partner."),
            "I6": ("The partner's own guide needs the segment", "The standard allows to leave it out, the receiver's paper does not.", "Add the segment for this partner."),
            "I7": ("The partner's own guide allows the segment fewer times", "The standard allows more of them than the receiver's paper.", "Send it less often."),
            "I8": ("Values of the segment break the partner's own guide", "The AK4 behind this say which.", "Correct the values that AK4 names."),
            "I9": ("The segment depends on other data in the partner's own guide", "The receiver's paper wants or forbids it where something else is given.", "Look into the receiver's paper."),
        },
        "AK403": {
            "1": ("A value that must be there is missing", "The standard wants this value wherever the segment stands.", "Fill it in."),
            "2": ("A value is missing that another value requires", "Some values go together: a unit, say, wherever there is a quantity.", "Fill it in, or leave out what requires it."),
            "3": ("There are too many values", "The segment has fewer places than were sent.", "Send nothing behind the last place of the segment."),
            "4": ("A value is too short", "It has fewer characters than its place asks for.", "Send it in its full length."),
            "5": ("A value is too long", "It has more characters than its place allows.", "Shorten it."),
            "6": ("A value has a character that is not allowed", "A letter stands in a number, or a sign that was not agreed.", "Send it without these characters."),
            "7": ("A value is no code of its list", "Only certain codes may stand there, and this is none of them.", "Use a code of the list."),
            "8": ("A value is no date", "The digits are no day of the calendar, such as month 13.", "Send a real date."),
            "9": ("A value is no time", "The digits are no time of the day, such as hour 25.", "Send a real time."),
            "10": ("Two values exclude each other", "Only one of them may be there.", "Leave one of them out."),
            "12": ("A value is repeated too often", "It may come several times, but not so many.", "Send fewer values."),
            "13": ("A value has too many parts", "It is made of parts, and has fewer places for them.", "Send nothing behind its last part."),
            "I6": ("The partner's own guide allows no such code", "The standard's list has the code, the receiver's paper does not.", "Use a code that the receiver's paper names."),
            "I9": ("The value depends on other data in the partner's own guide", "The receiver's paper wants or forbids it where something else is given.", "Look into the receiver's paper."),
            "I10": ("The partner's own guide does not use the value", "The standard allows it, the receiver's paper does not.", "Leave it out for this partner."),
            "I11": ("The value does not fit the partner's own guide", "It may stand there, but not with this content.", "Look into the receiver's paper."),
            "I12": ("The partner's own guide asks for another form", "Letters, digits or length are not as the receiver's paper says.", "Look into the receiver's paper."),
            "I13": ("The partner's own guide needs the value", "The standard allows to leave it out, the receiver's paper does not.", "Fill it in for this partner."),
        },
    }
)  # fmt: skip


def _entries() -> Iterator[Entry]:
    for element, values in _VALUES.items():
        for value, (title, meaning, step) in values.items():
            told = f"{meaning} {ELEMENTS[element][1]}"
            yield Entry(
                f"{element} {value}", title, told, _WHO, step, (OURS, THEIRS, VALIDATE),
                ("gateway validate FILE", "gateway acks due"),
            )  # fmt: skip


ENTRIES: Mapping[str, Entry] = MappingProxyType({each.code: each for each in _entries()})
