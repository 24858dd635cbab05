"""What a clerk is told for a mistake: the offending word, a sentence in the words of the file, what to write instead."""

from pathlib import Path

import pytest

from gateway.mapping.prepare import prepare
from tests.site.harness import PlayedSite

MARK = ">>>"
"""Stands in the texts where the problem must point."""
READS = "gateway: 1\nmapping: acme/m\nextends: x12/850\n"
WRITES = "gateway: 1\nmapping: acme/m\nextends: x12/855\n"
ROWS = "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {dates: DD.MM.YYYY, group_by: [PO]}\n"
MARKUP = (
    "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: xml\n"
    "xml:\n  namespaces: {c: 'urn:x'}\n  document: /Order\n"
)
CELLS = "gateway: 1\nmapping: acme/m\ndirection: out\ndocument: invoice\nformat: csv\nrows: {each: lines}\n"

MISTAKES = (
    ("field typo", READS + "fields:\n  >>>po_nubmer: BEG03\n", "M060", "'po_nubmer' is not a field of order here", "did you mean 'po_number'?"),
    ("nested field typo", READS + "fields:\n  >>>ship_to.citty: N1(ST)/N401\n", "M060", "'ship_to.citty' is not a field of order here", "did you mean 'ship_to.city'?"),
    ("line field typo", READS + "fields:\n  lines:\n    fields:\n      >>>ids.upcc: PO1.UP\n", "M060", "'ids.upcc' is not a field of order here", "did you mean 'ids.upc'?"),
    ("line field at top", READS + "fields:\n  >>>quantity: PO102\n", "M060", "'quantity' is not a field of order here", "it is a field of each of 'allowances' or 'lines'; write it in that group"),
    ("unknown segment", READS + "fields:\n  department: >>>REG02\n", "M040", "segment REG does not occur here in 850 (path 'REG02')", "did you mean 'REF'?"),
    ("segment not at this place", READS + "fields:\n  ship_to.city: >>>N401\n", "M040", "segment N4 does not occur here in 850 (path 'N401')", "did you mean 'N1(ST)/N401'?"),
    ("wrong loop path", READS + "fields:\n  ship_to.city: >>>N4/N401\n", "M040", "segment N4 does not occur here in 850 (path 'N4/N401')", "did you mean 'N1(ST)/N401'?"),
    ("element beyond", READS + "fields:\n  department: >>>BEG13\n", "M040", "BEG has only 12 elements, so BEG13 does not exist (path 'BEG13')", ""),
    ("one digit element", READS + "fields:\n  department: >>>BEG3\n", "M040", "'BEG3' is not a segment, element or id-pair", "did you mean 'BEG03'?"),
    ("lower case segment", READS + "fields:\n  department: >>>beg03\n", "M040", "'beg03' is not a segment, element or id-pair", "did you mean 'BEG03'?"),
    ("dash instead", READS + "fields:\n  department: >>>BEG-03\n", "M040", "'BEG-03' is not a segment, element or id-pair", "did you mean 'BEG03'?"),
    ("star notation", READS + "fields:\n  department: >>>REF*DP*02\n", "M040", "'REF*DP*02' is not a segment, element or id-pair", "did you mean 'REF(DP)02'?"),
    ("bracket notation", READS + "fields:\n  department: >>>REF[DP]02\n", "M040", "'REF[DP]02' is not a segment, element or id-pair", "did you mean 'REF(DP)02'?"),
    ("missing element", READS + "fields:\n  department: >>>REF(DP)\n", "M041", "'REF(DP)' is a segment, not one value", "name an element: REF(DP)02"),
    ("unclosed paren", READS + "fields:\n  department: >>>REF(DP02\n", "M040", "'REF(DP02' is not a segment, element or id-pair", "did you mean 'REF(DP)02'?"),
    ("component none", READS + "fields:\n  department: >>>REF02-2\n", "M040", "REF02 has no components (path 'REF02-2')", ""),
    ("constant in from", READS + "fields:\n  department: {from: >>>42}\n", "M040", "'42' is not a segment, element or id-pair", "write BEG03, REF(DP)02, N1(ST)/N401 or PO1.UP; a constant is written ='42'"),
    ("constant plain", READS + "fields:\n  vendor_number: >>>553311\n", "M040", "'553311' is not a segment, element or id-pair", "write BEG03, REF(DP)02, N1(ST)/N401 or PO1.UP; a constant is written ='553311'"),
    ("missing equals", READS + "fields:\n  lines:\n    fields:\n      extended_price: >>>quantity * unit_price\n", "M040", "'quantity * unit_price' is not a segment, element or id-pair", "a calculation begins with '=': =quantity * unit_price"),
    ("path in a calculation", READS + "fields:\n  department: >>>BEG03 & 'x' & BEG04\n", "M040", "'BEG03 & 'x' & BEG04' is not a segment, element or id-pair", "a calculation begins with '=' and names places of the file under 'vars': {a: BEG03, b: BEG04}, then =a & 'x' & b"),
    ("choice unquoted", READS + "fields:\n  department: =fob is empty ? po_number >>>: 'x'  # why\n", "M001", "not valid YAML: a text that contains ': ' must be quoted", "write the whole text in quotes: \"=fob is empty ? po_number : 'x'\""),
    ("choice unquoted in braces", READS + "fields:\n  department: {calc: fob is empty ? po_number >>>: fob, default: x}\n", "M001", "not valid YAML: a text that contains ': ' must be quoted", "write the whole text in quotes: 'fob is empty ? po_number : fob'"),
    ("const unquoted word", READS + "fields:\n  currency: =>>>USD\n", "M031", "unknown name 'USD'", "a text stands in single quotes: 'USD'"),
    ("const as path", READS + "fields:\n  currency: >>>USD\n", "M040", "segment USD does not occur here in 850 (path 'USD')", "did you mean 'SDQ'? a constant is written ='USD'"),
    ("const as column", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {header: false, columns: [PO, Qty]}\nfields: {po_number: PO, currency: >>>EUR}\n", "M042", "there is no column 'EUR'", "columns: PO, Qty; a constant is written ='EUR'"),
    ("place in a condition", READS + "fields:\n  department: {from: REF(19)02, when: >>>REF01 == '19'}\n", "M031", "unknown name 'REF01'", "an expression cannot name a place in the file; name it under 'vars', and here that name"),
    ("qualified place in an expression", READS + "fields:\n  department: =REF(19)>>>02 & 'x'\n", "M030", 'the expression cannot be read from "02 & \'x\'" on', "an expression cannot name a place in the file; name it under 'vars', and here that name"),
    ("curly quotes", READS + "fields:\n  currency: =>>>\u2018USD\u2019\n", "M030", "the expression cannot be read from '\u2018USD\u2019' on", "quotes are straight: 'each'"),
    ("no blank behind a colon", READS + "fields:\n  order_type: {from: BEG02, map: {SA: standalone, >>>RL:release}}\n", "M021", "'map' has no value for 'RL:release'", "a blank belongs behind the colon: RL: release"),
    ("double quotes in expression", READS + 'fields:\n  currency: =>>>\'USD" \n', "M030", 'the expression cannot be read from \'\\\'USD"\' on', "the text is not closed; a ' inside of a text is written ''"),
    ("function typo", READS + "fields:\n  department: =>>>uper(po_number)\n", "M032", "unknown function 'uper'", "did you mean 'upper'?"),
    ("function args", READS + "fields:\n  department: =>>>left(po_number)\n", "M033", "'left' takes 2 arguments, not 1", "it is written left(text, count)"),
    ("function args many", READS + "fields:\n  department: =>>>upper(po_number, 2)\n", "M033", "'upper' takes 1 argument, not 2", "it is written upper(text)"),
    ("type mix", READS + "fields:\n  department: =>>>po_date * 2\n", "M035", "'*' wants a number, and this is a date", "write format_date(..., 'YYYYMMDD') to make a text of it"),
    ("name typo in expr", READS + "fields:\n  lines:\n    fields:\n      extended_price: =round(quantity * >>>unitprice, 2)\n", "M031", "unknown name 'unitprice'", "did you mean 'unit_price'?"),
    ("single =", READS + "checks:\n  - {that: po_number >>>= 'x', say: x}\n", "M030", 'the expression cannot be read from "= \'x\'" on', "equal is written =="),
    ("excel semicolon", READS + "fields:\n  department: =left(po_number>>>; 3)\n", "M030", "the expression cannot be read from '; 3)' on", "between arguments stands a ','"),
    ("step typo", READS + "fields:\n  department: {from: REF(DP)02, >>>defualt: '1'}\n", "M021", "'defualt' is not a key in a rule", "did you mean 'default'?"),
    ("step upper", READS + "fields:\n  department: {from: REF(DP)02, >>>Default: '1'}\n", "M021", "'Default' is not a key in a rule", "did you mean 'default'?"),
    ("group key typo", READS + "fields:\n  lines:\n    >>>eech: PO1\n    fields: {uom: PO103}\n", "M021", "'eech' is not a key in a group", "did you mean 'each'?"),
    ("top key typo", READS + ">>>feilds:\n  department: REF(DP)02\n", "M020", "'feilds' is not a key at the top of a mapping", "did you mean 'fields'?"),
    ("table typo", READS + "tables: {stores: {file: tables/s.csv}}\nfields:\n  department: {from: REF(DP)02, lookup: {table: >>>store, key: a, value: b}}\n", "M050", "there is no table 'store'", "did you mean 'stores'?"),
    ("table column", READS + "tables: {stores: {file: tables/s.csv}}\nfields:\n  department: {from: REF(DP)02, lookup: {table: stores, key: >>>theri, value: ours}}\n", "M051", "the table 'stores' has no column 'theri'", "did you mean 'theirs'?"),
    ("table file", READS + "tables: {stores: {file: >>>tables/sores.csv}}\n", "M050", "there is no file 'tables/sores.csv' for the table", "did you mean 'tables/s.csv'?"),
    ("lookup key missing", READS + "tables: {stores: {file: tables/s.csv}}\nfields:\n  department: {from: REF(DP)02, lookup: >>>{table: stores, key: theirs}}\n", "M021", "the 'lookup' lacks 'value'; it is written like {table: stores, key: theirs, value: ours}", ""),
    ("lookup missing word", READS + "tables: {stores: {file: tables/s.csv}}\nfields:\n  department: {from: REF(DP)02, lookup: {table: stores, key: theirs, value: ours, missing: >>>eror}}\n", "M021", "'missing' is one of error, keep, empty, not 'eror'", "did you mean 'error'?"),
    ("flow quotes", READS + "fields:\n  department: {from: REF(DP)02, match: ^>>>[0-9]{3}$}\n", "M001", "not valid YAML: a ',' or the closing bracket is missing before this", "inside { } and [ ] a value that contains [ ] { } , must be quoted"),
    ("flow map star", READS + "fields:\n  department: {from: REF(DP)02, map: {A: B, *>>>: C}}\n", "M001", "not valid YAML: a value cannot begin with this sign", "quote it"),
    ("flow unclosed", READS + "fields:\n  department: {from: REF(DP)02, default: x\n  fob>>>: FOB01\n", "M001", "not valid YAML: a ',' or the closing bracket is missing before this", "inside { } and [ ] a value that contains [ ] { } , must be quoted"),
    ("tab", READS + "fields:\n>>>\tdepartment: REF(DP)02\n", "M001", "not valid YAML: a tab stands here", "indent with blanks"),
    ("indent", READS + "fields:\n  department: REF(DP)02\n   fob>>>: FOB01\n", "M001", "not valid YAML: a ':' stands where none can be", "indent the line like the one above it; a value that contains ': ' must be quoted"),
    ("outdent", READS + "fields:\n  department: REF(DP)02\n >>>fob: FOB01\n", "M001", "not valid YAML: this is indented unlike the lines it belongs to, or its ':' is missing", "give lines of one block the same blanks before them"),
    ("no blank after colon", READS + "fields:\n  >>>department:REF(DP)02\n", "M021", "rules are written as 'field: source' lines", "a blank belongs behind the ':'"),
    ("level word", READS + "checks:\n  - {that: count(lines) > 0, say: x, level: >>>error}\n", "M021", "'level' is one of hold, reject, warn, not 'error'", ""),
    ("on_error word", READS + "fields:\n  department: {from: REF(DP)02, on_error: >>>ignore}\n", "M021", "'on_error' is one of hold, reject, warn, empty, not 'ignore'", ""),
    ("settings word", READS + "settings: {unmapped: >>>error}\n", "M020", "'unmapped' is one of ignore, hold, warn, not 'error'", ""),
    ("settings key", READS + "settings: {>>>unmaped: hold}\n", "M020", "'unmaped' is not a key of 'settings'", "did you mean 'unmapped'?"),
    ("path of other set", READS + "fields:\n  department: >>>BIG02\n", "M040", "segment BIG does not occur here in 850 (path 'BIG02')", "did you mean 'BEG'?"),
    ("map target", READS + "fields:\n  purpose: {from: BEG01, map: {00: >>>orignal}}\n", "M052", "'orignal' is not one of original, cancel, replace, change, confirmation", "did you mean 'original'?"),
    ("map target case", READS + "fields:\n  purpose: {from: BEG01, map: {00: >>>Original}}\n", "M052", "'Original' is not one of original, cancel, replace, change, confirmation", "did you mean 'original'?"),
    ("map list", READS + "fields:\n  purpose: {from: BEG01, map: >>>[a, b]}\n", "M021", "'map' is written like {EA: each, CA: case}", ""),
    ("date form case", READS + "fields:\n  po_date: {from: BEG05, format: >>>yyyymmdd}\n", "M021", "'y' means nothing in the form 'yyyymmdd'; a year is YYYY or YY", ""),
    ("date form mm", READS + "fields:\n  po_date: {from: BEG05, format: >>>YYYYmmDD}\n", "M021", "the form 'YYYYmmDD' lacks a month (MM)", ""),
    ("each on object", READS + "fields:\n  >>>ship_to:\n    each: N1(ST)\n    fields: {name: N102}\n", "M061", "'ship_to' is a single object; write its fields as 'ship_to.x'", "remove 'each'"),
    ("rule on list", READS + "fields:\n  >>>lines: PO101\n", "M062", "'lines' is a list; it needs a group with 'each'", ""),
    ("rule on object", READS + "fields:\n  >>>ship_to: N1(ST)02\n", "M063", "'ship_to' has sub-fields; name one of them", ""),
    ("each element", READS + "fields:\n  lines: {each: >>>PO101, fields: {uom: PO103}}\n", "M041", "'PO101' is one value; 'each' needs a loop, a segment or pairs", "write PO1"),
    ("duplicate key", READS + "fields:\n  department: REF(DP)02\n  >>>department: REF(19)02\n", "M003", "the key 'department' is written twice", "the first one is on line 5; remove one of them"),
    ("extends typo", "gateway: 1\nmapping: acme/m\nextends: >>>x12/580\nfields: {department: BEG03}\n", "M011", "there is no mapping 'x12/580'", "did you mean 'x12/870'?"),
    ("extends self", "gateway: 1\nmapping: acme/m\nextends: >>>acme/m\n", "M010", "'acme/m' extends itself in a circle", ""),
    ("mapping name", "gateway: 1\nmapping: >>>acme/n\nextends: x12/850\n", "M020", "'mapping' must be 'acme/m' here", ""),
    ("gateway 2", "gateway: >>>2\nmapping: acme/m\nextends: x12/850\n", "M020", "'gateway' must be '1' here", ""),
    ("from and const", READS + "fields:\n  department: >>>{from: REF(DP)02, const: '1'}\n", "M022", "the rule has both 'from' and 'const'; exactly one belongs in a rule", ""),
    ("no source", READS + "fields:\n  department: >>>{default: '1'}\n", "M022", "the rule has no 'from', 'const' or 'calc'; exactly one belongs in a rule", ""),
    ("slice", READS + "fields:\n  department: {from: REF(DP)02, slice: >>>0-3}\n", "M021", "'slice' is written like 3-7 or 3-, the first character being 1, not '0-3'", ""),
    ("slice comma", READS + "fields:\n  department: {from: REF(DP)02, slice: >>>'1,3'}\n", "M021", "'slice' is written like 3-7 or 3-, the first character being 1, not '1,3'", ""),
    ("split part", READS + "fields:\n  department: {from: REF(DP)02, split: >>>{by: '-', part: 0}}\n", "M021", '\'split\' is written like {by: "-", part: 2}; parts are counted from 1, from the end from -1', ""),
    ("required word", READS + "fields:\n  department: {from: REF(DP)02, required: >>>yes}\n", "M021", "'required' is one of true, false, not 'yes'", ""),
    ("trim word", READS + "fields:\n  department: {from: REF(DP)02, trim: >>>all}\n", "M021", "'trim' is one of both, left, right, none, not 'all'", ""),
    ("list no join", READS + "fields:\n  department: >>>MSG(#*)01\n", "M040", "segment MSG does not occur here in 850 (path 'MSG(#*)01')", "did you mean 'N9/MSG(#*)01'?"),
    ("circle", READS + "fields:\n  >>>department: =vendor_number\n  vendor_number: =department\n", "M064", "these rules need each other: department -> vendor_number -> department", ""),
    ("partner param", READS + "fields:\n  department: =>>>$partner.dept\n", "M031", "unknown name '$partner.dept'", "add 'dept' to 'params' of the mapping and to 'params' of the partner file"),
    ("dollar typo", READS + "fields:\n  department: =>>>$envelope.sender\n", "M031", "unknown name '$envelope.sender'", "did you mean '$envelope.sender_id'?"),
    ("check without say", READS + "checks:\n  - >>>that: count(lines) > 0\n", "M021", "a check has 'that' (the condition) and 'say' (the sentence)", ""),
    ("checks no list", READS + "checks: >>>{that: count(lines) > 0, say: x}\n", "M021", "'checks' is a list of 'that: ...' and 'say: ...'", ""),
    ("anchor", READS + "fields:\n  department: >>>&a REF(DP)02\n", "M004", "anchors (&), aliases (*) and tags (!) are not allowed", "write the value out, or quote it"),
    ("value with star", READS + "fields:\n  department: >>>*dp\n", "M004", "anchors (&), aliases (*) and tags (!) are not allowed", "write the value out, or quote it"),
    ("at sign", READS + "fields:\n  department: >>>@x\n", "M001", "not valid YAML: a value cannot begin with @", "quote it: '@...'"),
    ("percent", READS + "fields:\n  department: >>>%x\n", "M001", "not valid YAML: a value cannot begin with %", "quote it: '%...'"),
    ("ignore wrong", READS + "ignore: [>>>CTPP]\n", "M040", "'CTPP' is not a segment, element or id-pair", "write CTP, CTP* or CTP01"),
    ("direction", "gateway: 1\nmapping: acme/m\ndirection: >>>inbound\ndocument: order\nformat: csv\ncsv: {dates: DD.MM.YYYY, group_by: [PO]}\nfields: {po_number: PO}\n", "M020", "the direction 'inbound' is not known", "it is one of in, out"),
    ("document", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: >>>orders\nformat: csv\ncsv: {dates: DD.MM.YYYY, group_by: [PO]}\nfields: {po_number: PO}\n", "M020", "the document 'orders' is not known", "did you mean 'order'?"),
    ("format", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: >>>CSV\ncsv: {dates: DD.MM.YYYY, group_by: [PO]}\nfields: {po_number: PO}\n", "M020", "the format 'CSV' is not known", "did you mean 'csv'?"),
    ("csv option", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {dates: DD.MM.YYYY, >>>groupby: [PO]}\nfields: {po_number: PO}\n", "M020", "'groupby' is not an option of the format csv in a mapping that reads", "did you mean 'group_by'?"),
    ("csv delimiter", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {delimiter: >>>semicolon, dates: DD.MM.YYYY, group_by: [PO]}\nfields: {po_number: PO}\n", "M020", "'delimiter' is one character or 'tab', not 'semicolon'", ""),
    ("csv encoding", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {>>>encoding: utf8x, dates: DD.MM.YYYY, group_by: [PO]}\nfields: {po_number: PO}\n", "M020", "'encoding' is one of utf-8, utf-8-sig, latin-1, cp1252, cp850, cp037, utf-16, utf-16-le, utf-16-be, not 'utf8x'", "did you mean 'utf-8'?"),
    ("csv decimal both", 'gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {decimal: >>>",", thousands: ",", dates: DD.MM.YYYY, group_by: [PO]}\nfields: {po_number: PO}\n', "M020", "'decimal' and 'thousands' cannot both be ','", ""),
    ("csv x12 path", ROWS + "fields: {po_number: PO, lines: {each: >>>PO1, fields: {quantity: q, uom: u}}}\n", "M042", "'PO1' is not 'row'", "a CSV file has rows: each: row"),
    ("csv columns", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {header: false, columns: [PO, Qty], dates: DD.MM.YYYY, group_by: [PO]}\nfields: {po_number: PO, department: >>>Dept}\n", "M042", "there is no column 'Dept'", "columns: PO, Qty; a constant is written ='Dept'"),
    ("missing required field", ">>>gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: csv\ncsv: {dates: DD.MM.YYYY, group_by: [PO]}\nfields: {department: D}\n", "M066", "no rule gives 'po_number', which every order must have", ""),
    ("xml //", MARKUP + "fields: {po_number: >>>//ID}\n", "M043", "'//' searches the whole document and cannot be used (path '//ID')", "name each element on the way: a/b/c"),
    ("xml prefix", MARKUP + "fields: {po_number: >>>cbc:ID}\n", "M045", "the prefix 'cbc' is not declared (path 'cbc:ID')", "declare it in xml.namespaces"),
    ("xml bad", MARKUP + "fields: {po_number: 'Head[I>>>D'}\n", "M043", "']' is expected before the end (path 'Head[ID')", ""),
    ("xml function", MARKUP + "fields: {po_number: >>>'contains(ID, 1)'}\n", "M043", "the function contains() cannot be used (path 'contains(ID, 1)')", "possible are text(), name(), local-name(), position(), last(), count(), string(), normalize-space(), concat(), substring-before(), substring-after(), translate(), not()"),
    ("out cond |", WRITES + "fields:\n  >>>REF(DP|DX)02: department\n", "M041", "'REF(DP|DX)02' names several codes; what is written has one", ""),
    ("out unknown element", WRITES + "fields:\n  >>>BAK15: department\n", "M040", "BAK has only 10 elements, so BAK15 does not exist (path 'BAK15')", ""),
    ("out unknown segment", WRITES + "fields:\n  >>>BEG03: po_number\n", "M040", "segment BEG does not occur here in 855 (path 'BEG03')", ""),
    ("out field typo", WRITES + "fields:\n  BAK08: >>>ordernumber\n", "M060", "'ordernumber' is not a field of acknowledgment here", "did you mean 'order_number'?"),
    ("out inbound order", WRITES + "fields:\n  >>>department: REF(DP)02\n", "M040", "'department' is not a segment, element or id-pair", "write BAK03, REF(DP)02, N1(ST)/N401 or PO1.UP"),
    ("way without a parent", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: x12\nx12: {set: 850, versions: [004010]}\nfields:\n  po_number: BEG03\n  ship_to.city: >>>N401\n", "M040", "segment N4 does not occur here in 850 (path 'N401')", "did you mean 'N1/N401'?"),
    ("way by another code", "gateway: 1\nmapping: acme/m\ndirection: in\ndocument: order\nformat: x12\nx12: {set: 850, versions: [004010]}\nfields:\n  po_number: BEG03\n  ship_to.id: N1(SF)04\n  ship_to.city: >>>N401\n", "M040", "segment N4 does not occur here in 850 (path 'N401')", "did you mean 'N1(SF)/N401'?"),
    ("way out of a group", READS + "fields:\n  lines: {fields: {uom: >>>CTT01}}\n", "M040", "segment CTT does not occur here in 850 (path 'CTT01')", "it stands at the start of the set: '/CTT01'"),
    ("out way", WRITES + "fields:\n  >>>N4/N401: ship_to.city\n", "M040", "segment N4 does not occur here in 855 (path 'N4/N401')", "did you mean 'N1(ST)/N401'?"),
    ("out way out of a group", WRITES + "fields:\n  PO1: {fields: {>>>CTT01: number}}\n", "M040", "segment CTT does not occur here in 855 (path 'CTT01')", "it stands outside of this group; write the rule there: 'CTT01'"),
    ("out managed", WRITES + "fields:\n  >>>SE01: ='5'\n", "M040", "'SE01' is filled in by the gateway itself", ""),
    ("out number const", WRITES + "fields:\n  BAK01: >>>00\n", "M060", "'00' is not a field of acknowledgment here", "a constant is written ='00'"),
    ("out each typo", WRITES + "fields:\n  PO1: {each: >>>line, fields: {PO101: number}}\n", "M065", "'line' is not a list of acknowledgment here", "did you mean 'lines'?"),
    ("csv out sort", "gateway: 1\nmapping: acme/m\ndirection: out\ndocument: invoice\nformat: csv\nrows: {each: >>>line}\nfields: {A: invoice.invoice_number}\n", "M065", "'line' is not a list of invoice here", "did you mean 'lines'?"),
    ("csv out name", CELLS + "fields: {A: >>>invoice_number}\n", "M060", "'invoice_number' is not a field of invoice here", "did you mean 'invoice.invoice_number'?"),
    ("csv guard", "gateway: 1\nmapping: acme/m\ndirection: out\ndocument: invoice\nformat: csv\ncsv: {formula_guard: >>>off}\nrows: {each: lines}\nfields: {A: invoice.invoice_number}\n", "M020", "'formula_guard: off' lets formulas into spreadsheets", "add 'settings: {i_know: [formula_guard]}', so that a reviewer sees it"),
)  # fmt: skip


def written(folder: Path, text: str) -> None:
    tables = folder / "mappings" / "acme" / "tables"
    tables.mkdir(parents=True)
    (tables / "s.csv").write_text("theirs,ours\n1,2\n")
    (tables.parent / "m.yaml").write_text(text)


@pytest.mark.parametrize(
    ("text", "code", "sentence", "hint"), [each[1:] for each in MISTAKES], ids=[each[0] for each in MISTAKES]
)
def test_a_mistake_is_told_at_its_word_with_what_to_do(
    tmp_path: Path, text: str, code: str, sentence: str, hint: str
) -> None:
    before = text.partition(MARK)[0]
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    written(tmp_path, text.replace(MARK, ""))
    prepared, problems = prepare("acme/m", site_mappings=tmp_path / "mappings")
    assert prepared is None
    first = next(each for each in problems if each.level == "error")
    assert (first.line, first.column) == place
    assert (first.code, first.sentence, first.hint) == (code, sentence, hint)


def test_the_command_prints_place_code_sentence_and_hint(tmp_path: Path) -> None:
    written(tmp_path, f"{READS}fields:\n  po_nubmer: BEG03\n")
    (tmp_path / "gateway.yaml").write_text("gateway: 1\nname: Northwind\n")
    answer = PlayedSite(tmp_path).gateway("mapping", "check", "acme/m")
    assert answer.code == 1
    told = "mappings/acme/m.yaml:5:3: error M060: 'po_nubmer' is not a field of order here\n    hint: did you mean 'po_number'?"
    assert told in answer.out + answer.err


ALL_AT_ONCE = """\
vars:
  a: {frm: BEG03}
fields:
  po_nubmer: BEG03
  fob: {from: FOB99}
  contract_number: {default: '1'}
  department: =a & contract_number
  lines: {eech: PO1, fields: {uom: PO199}}
settings: {unmapped: error}
"""


def test_a_wrong_form_hides_no_other_mistake_and_brings_none_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "m.yaml").write_text(READS + ALL_AT_ONCE, encoding="utf-8")
    prepared, problems = prepare("acme/m", site_mappings=folder.parent)
    assert prepared is None
    own = [(each.line, each.code) for each in problems if each.file == "mappings/acme/m.yaml"]
    assert own == [(5, "M021"), (7, "M060"), (8, "M040"), (9, "M022"), (11, "M021"), (12, "M020")]
    assert list(problems) == sorted(set(problems))


def test_what_cannot_be_read_is_not_said_to_be_lacking(tmp_path: Path) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    text = WRITES.replace(
        "extends: x12/855", "direction: out\ndocument: acknowledgment\nformat: x12\nx12: {set: 855, versions: [004010]}"
    )
    (folder / "m.yaml").write_text(text + "fields:\n  BAK03: {form: po_number}\n", encoding="utf-8")
    _, problems = prepare("acme/m", site_mappings=folder.parent)
    assert [each.code for each in problems] == ["M021"]
