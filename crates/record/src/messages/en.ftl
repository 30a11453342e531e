### Every text that people read in findings, reports and the correction cycle, in the notation of Project Fluent.
### To translate: copy this file, set `language`, translate what stands right of each `=`, keep what stands in braces,
### and name the copy in the environment variable MATRICULE_MESSAGES. What is missing in it stays English.
### A placeholder is filled with text as it is; `count` alone is a number, by which a form can be chosen.

## Words that several texts share

repair-language = Write `language = "…"` under [ledger] in ledger.toml beside the file.
repair-type-serial = Type the serial again from the paper ledger, in a cell formatted as text.
repair-one-is-wrong = Correct the one that is wrong.
kind-number = a number
kind-date = a date
kind-logical = TRUE or FALSE
kind-error = an error value
kind-formula = a formula without a value
language = en
masked = (masked)
count-rows =
    { $count ->
    [one] { $number } row
   *[other] { $number } rows
}
count-files =
    { $count ->
    [one] { $number } file
   *[other] { $number } files
}
count-serials =
    { $count ->
    [one] { $number } serial
   *[other] { $number } serials
}
or = or
and = and
repair-look-at-paper = Look at the paper ledger; correct the cell, or write why there is no serial.
column-of = `{ $header }` (column { $number })
and-more = … and { $number } more

## Titles of the codes; their manual pages stand in ../codes

code-I101 = unreadable or damaged file
code-I102 = password-protected file
code-I103 = unknown or too old format
code-I104 = no header found
code-I105 = undecodable bytes
code-I106 = broken quoting
code-I107 = over a limit
code-I108 = row longer than the header
code-I109 = error value in a cell
code-I110 = formula without a value
code-I111 = ambiguous column
code-I112 = row under another header or none
code-S201 = required field missing
code-S202 = date not understood
code-S203 = impossible date
code-S204 = unknown weapon type
code-S205 = unknown country
code-S206 = ditto mark with nothing above it
code-S207 = ditto mark in a serial
code-S208 = calibre not understood
code-S209 = status not understood
code-S210 = value damaged by a spreadsheet
code-S211 = confidence not understood
code-S212 = confidence below the threshold
code-T301 = no mapping for a character
code-T302 = mixed scripts in a serial
code-T303 = symbol without a name
code-T304 = ambiguous numeral
code-T305 = private-use or replacement character
code-T306 = nothing left after conversion
code-T307 = serial damaged as a number
code-T308 = serial damaged as a date
code-T309 = implausible serial
code-T310 = character marked for review in its table
code-T311 = language undetermined
code-T312 = ambiguous letter name
code-W401 = leading zeros may be lost
code-W402 = mixed digit systems in a serial
code-W403 = two-digit year kept as written
code-W404 = recommended field missing
code-W405 = a similar serial exists
code-W406 = required field not recorded in this ledger
code-W407 = calibre not in the list
code-W408 = look-alike letters folded
code-W409 = converted by an unverified row
code-W410 = letters read by their names
code-W411 = model taken out of the serial
code-W414 = converted from another calendar
code-W415 = calibre recovered from a spreadsheet's date
code-W416 = make not in the list
code-W417 = designer in the place of the maker
code-W418 = facts that do not go together
code-W419 = rim of the calibre supplied
code-W420 = event not understood
code-W421 = serial of a known system
code-W422 = serials of one cell divided
code-W423 = text that a spreadsheet may have changed
code-M501 = mapping file not readable
code-M502 = mapping row not valid
code-M503 = duplicate mapping row
code-M504 = letter of the alphabet without a row
code-M505 = embedded test fails
code-M506 = ledger profile not valid
code-M507 = strict table cannot be read back
code-R601 = not a file of corrections
code-R602 = no such refused row
code-R603 = the row is not the one that was refused
code-R604 = action not understood
code-R605 = no one value to accept
code-R606 = value not understood
code-R607 = row decided otherwise before
code-R608 = row stands twice in the file
code-L701 = registry in use by another run
code-L702 = another version of this ledger is already loaded
code-L703 = ledger already loaded
code-L704 = registry made by a newer version
code-L705 = registry could not be written
code-L706 = plan has changed
code-L707 = run cannot be undone
code-L708 = ledger of another registry reads otherwise here
code-L709 = evidence cannot outlive what is to be erased

## Findings: what is wrong, and what to do

i101-archive = the zip archive is damaged: { $error }
i101-archive-repair = Unpack it by hand, and convert what is in it.
i101-twice = the sheet holds this cell twice, with two values; nothing tells which of them is meant.
i101-twice-repair = Open the workbook in a spreadsheet program, compare the row with the paper ledger, and save it anew.
i101-same-name = several sheets have this name; the file does not tell which rows are of which.
i101-cannot-be-read = the file cannot be read: { $reason }
i101-cannot-be-read-repair = Check that it is there and that you may read it.
i101-no-file = it is a folder or a device, not a file
i101-empty = the file is empty
i101-workbook = the workbook is damaged: { $what }
i101-workbook-repair = Open it in a spreadsheet program, let that repair it, and save it as .xlsx.
i101-not-started = the workbook reader could not be started: { $error }
i101-ended-early = the reader ended early ({ $status }{ $said })
i101-no-answer = the reader does not answer{ $said }
i101-no-workbook = it is no workbook
i101-given-up = reading was given up
i101-changed = the file was changed while it was read
i101-changed-repair = Convert it again when nothing writes to it.
i101-said = it said: { $said }
i102-password = the workbook is protected by a password
i102-repair = Save a copy without password and convert that.
i103-packed-by = is a zip archive packed by { $other }
i103-nested = holds a workbook or an archive inside: unpack it, and convert that
i103-empty-archive = is a zip archive without a workbook or a CSV in it
i103-office = is an Office file of the old kind without a workbook in it
i103-format = the file { $what }
i103-repair = Open it in a spreadsheet program and save it as .xlsx or as CSV UTF-8.
i103-too-old = the workbook has a format older than Excel 97's, without a file system inside
i103-too-old-repair = Open it in a spreadsheet program and save it as .xlsx.
i103-binary = is neither text nor a workbook
i103-utf-32 = is text in UTF-32
i103-web-page = is a web page
i103-xml = is an XML file
i103-xml-spreadsheet = is an XML spreadsheet
i103-web-archive = is a web page saved with its pictures
i103-picture = is a picture
i103-archive = is an archive
i103-database = is a database
i103-misnamed = the file is named .{ $extension } but { $what }
i103-pdf = is a PDF
i103-document = is a word-processor document
i104-declared-blank = row { $declared }, which the profile names as header, is blank
i104-none = none of the first { $searched } rows with a value names two known columns{ $looks }
i104-repair = Name the header's row with `header_row` in [file] of a profile, or its columns in [columns].
i104-no-table = there is no table in the file: no row of it is a header
i104-looks = row { $row } looks most like a header: { $words }
i105-two-encodings = the encoding may be { $first } or { $second }: both make words of it, and other serials
i105-two-encodings-repair = Look at the cells with each, and write the right one under [file] of ledger.toml: `encoding = "{ $first }"` or `encoding = "{ $second }"`.
i105-guess = the encoding ({ $encoding }) is a guess that no word confirms
i105-guess-repair = If the cells are readable, write `encoding = "{ $encoding }"` under [file] of ledger.toml, else the right one; a file of DOS (code page 850, 852 …) has to be converted to UTF-8 first.
i105-repair = Correct the cell in the source and export it again as UTF-8, or declare `encoding` in [file] of the profile.
i105-bytes-at = there are bytes at byte { $at } of the file that are no text in { $encoding }
i105-bytes = there are bytes that are no text in { $encoding }
i106-quoting = a quoted cell is not closed by a quote and a delimiter or line end
i106-repair = Close the quote, and write a quote inside a quoted cell twice (""). For a cell that is very long, raise `quoted_bytes` and `quoted_lines` in [limits] of the profile.
i107-expansion = { $packed-bytes } packed bytes become more than { $allowed } MiB, over the { $times }-fold that `expansion` allows
i107-expansion-repair = If the file is trusted, raise `expansion` in [limits] of the profile, or unpack it and convert what is in it.
i107-entries = the zip archive has more than { $most } entries
i107-entries-repair = If it is trusted, raise `archive_entries` in [limits] of the profile.
i107-overlap = parts of the zip archive share bytes, as in a decompression bomb
i107-workbook-repair = If the file is trusted, raise the limit in [limits] of the profile; else save it again from a spreadsheet program.
i107-time = reading the workbook took longer than { $seconds } seconds
i107-memory = reading the workbook took more memory or time than allowed ({ $status }{ $said })
i107-rows = a sheet has more than { $rows } rows
i107-rows-repair = Split it, or raise `rows` in [limits] of the profile.
i107-columns = holds a value to the right of column { $limit }, the last one allowed
i107-columns-repair = Delete the stray value, or raise `columns` in [limits] of the profile.
i107-cell = a cell holds more than { $limit } characters
i107-cell-repair = Shorten the cell, or raise `cell_characters` in [limits] of the profile.
i107-line = the line is longer than { $limit } bytes
i107-line-repair = Check that the file is a table with line ends, or raise `line_bytes` in [limits] of the profile.
i108-surplus = there is a value in column { $column } under a header of { $columns } columns
i108-repair = Check whether a delimiter or a line break splits one of the cells.
i109-error-value = the cell holds the error value { $text }.
i109-repair = Repair the formula in the workbook, or type the value.
i110-formula = the file holds no value for the formula `{ $text }`.
i110-repair = Open the workbook in a spreadsheet program, let it calculate, and save it.
i111-carried-make = `{ $carried }` is carried down to this row as its make, and its own column `{ $header }` names { $makers }.
i111-carried-make-repair = In a copy of the ledger, write the make of this row into its make column, or into a column of that name.
i111-carried = `{ $value }` is carried down to this row as its { $field }, and its own column `{ $header }` may say another
i111-carried-repair = In a copy of the ledger, divide the column into one for each field, or write the value into the row itself.
i111-merged = one value is merged over the columns { $columns }
i111-merged-repair = Take the merged cell apart in a copy of the ledger, and write into each column what it has to say.
i111-under-merged = the cell lies under a merged cell that shows something else
i111-under-merged-repair = Take the merged cell apart in a copy of the ledger, and leave what is right.
i111-one-field = the columns { $first } and { $second } both mean { $field }
i111-side-by-side-repair = Put the tables below each other, or rename one of the columns, in a copy of the ledger.
i111-one-field-repair = Write the right one under [columns] in ledger.toml (`{ $header } = "{ $field }"`); the other one is then kept as extra data.
i112-above = the row stands above the header, under none
i112-above-repair = Put a header above it, or name the header's row with `header_row` under [file] in ledger.toml.
i112-other-header = the row stands under another header (row { $row }) than the one the sheet is read by
i112-other-header-repair = Give its columns names that are known, one of them for the serial, or move it and the rows below it to a sheet or file of their own.
s201-cell-empty = the cell is empty
s201-no-column = the ledger has no such column
s201-repair-serial = Write the serial, or why there is none (such as: no number, filed off, unreadable).
s201-repair = Write it, or give it for the whole ledger under [constants] in ledger.toml: { $field } = "…".
s201-missing = { $field } is required and { $where-to }.
s201-missing-all = one of { $fields } is required and none is there.
s201-repair-all = Write one of them, or give one for the whole ledger under [constants] in ledger.toml.
s202-order = can be either of two days
s202-order-repair = Write `date_order = "dmy"` (or "mdy") under [ledger] in ledger.toml beside the file.
s202-word = holds a word that means different months or eras in different languages
s202-month = has a month that can be counted from January or from March
s202-month-repair = Write the month in words, as in 12 Mayıs 1325.
s202-era = is a year of an era that is not named
s202-era-repair = Write the era, as in 昭和13, or `calendar = "japanese-showa"` (or another era) under [ledger] in ledger.toml.
s202-cell = is a spreadsheet's date in a ledger of another calendar and can be of either
s202-cell-repair = Type the date again in a cell formatted as text.
s202-interval = can be a month of one year or several years
s202-interval-repair = Write several years with four digits each, as in 1908/1912.
s202-unclear = `{ $text }` { $what }.
s202-not-understood = `{ $text }` is not understood as a { $what }.
s202-repair = Write { $example }.
s202-year = year
s202-year-example = a year such as 1987
s202-date = date
s202-date-example = a date such as 1987-05-12
s203-impossible = `{ $text }` is no day or year in which this can have happened.
s203-repair = Correct the cell; if it is of another calendar, write `calendar = "…"` under [ledger] in ledger.toml.
s205-former-code = `{ $word }` was the code of { $states }, and the year of manufacture does not tell which.
s205-former-code-repair = Write the name of the state, or its code of four letters.
s205-former-constant-repair = Write the code of four letters under [constants] in ledger.toml.
s205-state = { $state } from { $first } to { $last }
s206-nothing-above = the ditto mark has no value above it
s206-repair = Write the value that is meant.
s207-ditto = a ditto mark stands in the serial column; every weapon has a serial of its own.
s207-repair = Write the serial from the weapon or the paper ledger.
s208-repair = Correct the cell (such as 7.62x39, .38 Special, 12 ga), or add a row for it to mappings/vocabulary/calibre.csv.
s208-no-calibre = `{ $text }` does not have the form of a calibre.
s208-no-chamber = `{ $text }` is not a length of a shotgun's chamber.
s208-chamber-repair = Write it in millimetres, such as 70, or in inches, such as 2 3/4.
s208-two-chambers = the calibre says { $field } { $text }, its own column says { $known }.
s210-damaged = a spreadsheet turned this value into the { $what } { $text }.
s210-repair = Type the value again from the paper ledger, in a cell formatted as text.
s210-date = date
s210-logical = logical value
s210-number = number of more than 15 digits, of which the last are lost:
s211-not-understood = `{ $text }` is not understood as a confidence.
s211-repair = Write a share from 0 to 1 such as 0.93, or percent such as 93 %.
s212-none = no confidence
s212-confidence = the confidence { $found }
s212-below = the row has { $says }, and the profile asks for { $least } at least.
s212-repair = Compare the row with the scan or the paper, correct it, and write 100 % as its confidence.
t301-no-mapping = no mapping for { $sign } in { $table }.
t301-unverified = Unverified: `{ $hint }`.
t301-repair = Add a row `map,{ $character },…` to { $file } or to [mapping] in ledger.toml, if its script ({ $script }) is right.
t302-mixed = letters of several scripts that look alike.
t302-reading = `mixed = "{ $name }"` reads { $serial } with { $script } letters only
t302-no-reading = No single script has letters that look like all of these: look at the paper ledger.
t302-repair = Look at the weapon or the paper; for a whole ledger, in ledger.toml: { $readings }.
t303-no-name = the symbol { $sign } has no name in { $table }.
t303-repair = If it is a mark, name it: `"{ $sign }" = "NAME series_mark"` under [symbols] in ledger.toml, or a row `symbol,{ $sign },NAME,series_mark,,` in mappings/symbols/; if it was typed by mistake, correct the ledger.
t303-two-marks = the serial shows the mark { $mark }, its own column says { $known }.
t304-numeral = the numeral that begins with { $sign } has no value, or several.
t304-repair = Write the number in decimal digits, as the weapon or the paper ledger has it.
t305-lost = { $sign } stands for a character that was lost.
t305-repair = Look at the paper ledger and type the character again.
t306-nothing = nothing is left after conversion.
t306-mark-only = nothing is left of the serial when its mark is taken out.
t306-mark-only-repair = Put a blank between the mark and the serial, or correct the cell.
t307-number = a spreadsheet turned this serial into the number { $text }; digits or letters are lost.
t308-date = a spreadsheet turned this serial into the date { $text }.
t308-may-be = It may have been `{ $day }`.
t309-hardly = this is hardly a serial: all zeros, longer than 32 characters, or a phrase.
t309-logical = a spreadsheet's TRUE or FALSE
t309-letters = letters without a number
t309-not-one = `{ $text }` is not one serial but { $what }.
t309-repair = Write the serial of the control component (frame or receiver) alone, and the rest in columns of its own. If all of it is one serial, write it without blanks and in capitals.
t309-label-repair = If the word is a label, the serial is { $serial }; if its letters are of the serial, write them without a blank and in capitals.
t309-two-meanings = `{ $text }` can mean { $values } in different languages.
t309-several-lines = several lines or parts
t309-two-serials = two serials
t309-label = a label before the serial
t309-range = the first and the last of several
t309-and-date = a serial and a date
t309-and-measure = a serial and a measure
t309-and-words = a serial and words
t309-or-page = `{ $text }` may be a serial, or the row is no weapon but a line of the page ({ $class }).
t309-or-page-repair = If it is a weapon, write what else is known of it; if not, take the row out of a copy of the ledger.
t309-component-column = the cell names the { $component }, the row's own column says `{ $own }`.
t309-and-other = a serial and the name of something else, or a year
t309-and-name = a serial and the name of something else
t309-two-cells = one cell states `{ $text }` as { $field }, another `{ $other }`.
t309-components = `{ $text }` names components, and it is not certain which serial is of which.
t309-components-repair = Write each serial with the word of its component, as in `AB12 (frame); CD34 (barrel)`, or in columns of their own.
t310-review = { $sign } is marked for review in { $table }: no standard gives it a value.
t310-repair = Decide its value: write `"{ $character }" = "…"` under [mapping] in ledger.toml, or override the row of { $file }.
t311-refused = refused, { $code }
t311-undetermined = the language of the ledger is not known, and { $languages } convert this serial differently.
t311-repair = Write `[ledger]` and `language = "…"` into ledger.toml beside the file: { $readings }.
t312-letter-name = the letter name that begins with { $sign } can mean several Latin letters.
t312-repair = Write the Latin letters that are marked on the weapon in the place of their names.
m506-two-profiles = two profiles hold for the file: { $first } and { $second }
m506-two-profiles-repair = Name under [ledger] of each, in `files`, the ledgers that it is for.
m506-field-twice = [columns] gives { $field } to both `{ $other }` and `{ $header }`
m506-field-twice-repair = Leave one of them, and give the other one its own field.
m506-no-such-header = { $section } names the header `{ $header }`, which the file does not have
m506-no-such-header-repair = Write it as it stands in the ledger; `matricule inspect` shows the headers.
m506-limit = `{ $name }` is no limit; known are { $known }
m506-again = { $key } decides how the file itself is read, and the registry keeps only its rows
m506-again-repair = Undo the run that loaded the ledger (matricule runs undo), and convert its file with the new profile.
m506-mapping-rows = its own mapping rows are not valid: { $message }
m506-encoding = encoding = { $label } is not the name of an encoding that can be read; of the code pages of DOS only IBM866 and windows-874 can, others have to be converted to UTF-8 first
r601-workbook = the workbook cannot be read: { $code } { $message }
r601-no-columns = no sheet has the columns file, sheet, row, sha256, digest and action in its first row
r601-line = the line cannot be read as UTF-8 text: { $error }
r601-column-twice = two columns are called { $name }; no line of this sheet was read
r602-no-number = the line says something of a row, but its row `{ $written }` is no number
r602-no-row = the registry holds no refused row { $key } of a file with this SHA-256
r603-digest = the digest of the line is not that of { $key }
r603-offer = what is offered for { $row } changed since the file was written
r604-action = the action is `{ $word }`; it has to be one of { $known }
r604-no-value = the action is `correct`, but no corrected value is written
r604-value = a corrected value is written, but the action is not `correct`
r604-no-note = the action is `waive`, but the note does not say why
r604-no-cell = `{ $name }` is the name of no cell and no field
r604-beyond = the row has { $columns } columns, and none is { $column }
r604-two-columns = two columns of the line correct { $what }
r605-none = { $code } { $cell }{ $row } offers no value
r605-several = { $code } { $cell }{ $row } offers several values: { $values }
r606-kind = { $column } holds { $kind } and not text: `{ $text }`
r606-number = is a number; its zeros may be lost. Format the cell as text and type it again
r606-line-break = holds a line break
r606-serial = the serial `{ $serial }` { $what }
r607-decided = { $key } is { $other } since an earlier run, with another decision
r608-twice = { $row } stands also on { $other }, with another correction
l702-merged = another ledger or another version of it stands here under { $path }; which of the two holds, its registry does not tell
l702-merged-repair = If it is a newer version, convert its file. If it is another ledger, load it under another name into the registry that it is from, and convert that again.
l702-amended = { $place } was amended by a person, and its row says something else in this version or is gone
l702-amended-repair = Look at it (matricule entries show), decide which of the two holds, and undo the amendment or restore the row.
l702-other-ledger = the registry holds a ledger under this path, and less than half of its rows are in this file: it is taken for another ledger of the same name
l702-other-ledger-repair = Give the file another name and convert again. If it does replace the loaded ledger, undo the run that loaded that one first (matricule runs undo).
l708-itself = it is the registry that is written to; name another with --registry
l708-audit-repair = see `matricule audit --registry` of it, and ask for a copy that is whole
l708-audit = its audit finds something wrong with { $found }; { $remedy }
l708-changed = it changed while it was read; convert again
l708-repair = Convert with the mapping files of that registry (--mappings), or bring it to yours first (matricule rerun --registry); otherwise convert the file of the ledger itself.
vocabulary-two-meanings = `{ $text }` can mean { $values }.
vocabulary-repair-language = Write `language = "…"` under [ledger] in ledger.toml beside the file, or correct the cell.
vocabulary-unknown = `{ $text }` is not in the vocabulary.
vocabulary-nearest = Nearest: { $word } ({ $value }).
vocabulary-repair = Correct the cell, or add a row for it to mappings/vocabulary/{ $name }.csv.

## Details of warnings

w401-number-cell = number cell
w415-recovered = { $text } was { $form }, chamber { $chamber }
w418-country = { $make } makes in { $known }, not in { $country }
w418-type = { $name } is a { $known }, not a { $type }
w418-calibre = { $name } is of { $known }, not { $calibre }
w418-year = { $name } was made from { $first }, not in { $year }
w409-row = { $character } in { $table }

## Pairs of entries

pair-proposed = { $one } and { $other }: { $words }
pair-differs-masked = { $field } is not the same in both
pair-unlikely-calibre = { $calibre } is hardly ever the calibre of that model here, and the other entry names none
pair-differs = { $field } is { $one } in one and { $other } in the other
pair-one-page = both stand on one page, where a clerk counted two
pair-doubtful = one of them was read with less confidence than its ledger asks for
pair-several = one of them fits several weapons that contradict each other
pair-separators = equal but for hyphens, dots or slashes
pair-other-reading = equal in another reading of the same marks
pair-cross-script = two originals in two scripts, one converted serial
pair-merge-group = two originals, one converted serial: the table writes two letters alike
pair-digraph = two originals, one converted serial: a letter is written as two others are
pair-label = equal but for NO or NR in front of one, which may be a label
pair-leading-zeros = equal but for leading zeros
pair-confusable = equal but for 0/O, 1/I, 5/S, 8/B and the like
pair-transposed = equal but for two neighbours exchanged
pair-dropped = equal but for a character dropped or doubled
pair-digit = equal but for one digit that looks like the other
pair-substituted = equal but for one character
pair-rounded = equal but for what a spreadsheet rounded
pair-several-errors = the serials differ in several places; all else agrees
pair-no-serial = one has no readable serial; all else agrees
pair-incomplete = same serial, part of the identity not known
pair-miswritten = same serial, make or country written otherwise
pair-other-register = same weapon in two registers
pair-decision = a person decided
pair-exact-review = same identity, but for a person to say
pair-conflict = same weapon with different facts
pair-identity = serial, script, make, country and mark are equal; nothing contradicts
pair-held-apart = serial, script, make, country and mark are equal, but a decision on another pair keeps them apart
pair-common = the serials are equal, but such serials are common: that proves little
pair-sibling = the serials are equal, but stand amid those of a consignment: a copy of another of its weapons may have been miskeyed to this serial
pair-by-odds = merged by its odds, as merge_at_bits of both ledgers allows

## Classes of skipped rows, states of files, readings

aside-same-bytes-merged = the same bytes as { $first }; convert { $ledger } alone to compare
aside-same-bytes = the same bytes as { $first }
skip-title = titles above the header
skip-header = header rows
skip-repeat-header = header rows repeated on a later page
skip-blank = blank rows
skip-subtotal = totals
skip-carried-forward = sums carried forward
skip-group = group headings
skip-footer = page footers
skip-note = notes
skip-hidden = hidden rows and rows of hidden sheets
skip-cancelled = cancelled entries
skip-not-a-weapon = not a weapon, as ledger.toml says
reading-sound = by sound
reading-look = by look
file-renewed = sent again after run { $run }, loaded as its new version
file-loaded = loaded
file-failed = could not be read
file-already-loaded = already loaded by run { $run }
file-refused = refused

## Closing summary

summary-rows-read = Rows read
summary-loaded = loaded
summary-rejected = rejected
summary-skipped = skipped
summary-sum = sum
summary-not-conserved = These numbers do not add up. Please report this as a fault of the program.
summary-completeness = Completeness of the loaded records
summary-no-register = no register named
summary-files-not-loaded = Files and sheets that could not be loaded
summary-rejected-by-reason = Rejected rows by reason (a row can have more than one)
summary-skipped-by-class = Skipped rows, because they are not weapons
summary-duplicates = Possible duplicates
summary-merged = pairs merged: the same weapon, and nothing contradicts
summary-to-decide = pairs to be decided by a person
summary-contradictions = contradictions: the same weapon with different facts; not merged
summary-readings = How serial numbers were converted
summary-dropped = Characters removed from serial numbers
summary-warnings = Warnings on loaded rows
summary-left-aside = Files left aside
summary-timings = Time
headline-published = Run { $run } is published in { $registry } ({ $files }).
headline-published-unnumbered = The run is published in { $registry } ({ $files }).
headline-nothing-new = Nothing new for { $registry } ({ $files }): nothing was written.
headline-standing = What { $registry } holds at present ({ $files }).
headline-dry-run = Dry run for { $registry } ({ $files }): nothing was written.
summary-renewed = { $path } was sent again after run { $run }: { $unchanged } rows are as they were, { $changed } changed, { $new } are new, { $withdrawn } are gone.
summary-already-loaded =
    { $count ->
    [one] { $number } file was already loaded as run { $run }.
   *[other] { $number } files were already loaded as run { $run }.
}
summary-and-more = … and { $number } more; report.json has them all
next-open = Open { $workbook }: every rejected row, the reason, and where to repair it.
next-explain = Type: matricule explain { $code }   (what it means and how to repair it)
summary-crowded = { $number } entries of one make have serials too much alike to be compared pair by pair
summary-letters = { $script }, { $language }
summary-reading = { $letters }: { $by }, table { $table }, { $serials }
next-files = Repair the files named above: each line says how.
next-correct = Correct the ledger, ledger.toml or a mapping table, as each line says.
next-convert = After a corrected ledger: run matricule convert again.
next-rerun = After a corrected table: run matricule rerun, which shows what it changes.
next-earlier = The earlier run rejected rows or files: its report says which and why.
next-review = Decide the pairs: matricule review list shows those first that matter most.
next-conflicts = Look into the contradictions: matricule review list --kind conflict, and view v_conflict.
next-publish = Run again without --dry-run to write the registry.
next-nothing = Nothing: every row is loaded.
next = What to do next

## report.html and its pages

page-skip-link = Skip to the content
page-title = Report of a run
page-contents = Contents
page-overview = Overview
page-refused-rows = Refused rows
page-repairs = What repairs them
page-codes = Codes
page-tables = Conversion tables
page-conservation = What was read, and what became of it
page-conservation-help = Every row is loaded, rejected, or skipped because it is no weapon. For each line: read = loaded + rejected + skipped.
page-file = File
page-sheet = Sheet
page-row = Row
page-state = State
page-format = Format, encoding
page-language-reading = Language, reading
page-read = Read
page-loaded = Loaded
page-rejected = Rejected
page-skipped = Skipped
page-all-files = All files
page-skipped-heading = Rows that are no weapon
page-class = Class
page-rows = Rows
page-code = Code
page-meaning = Meaning
page-example = Example
page-what-is-wrong = What is wrong
page-what-to-do = What to do
page-repairs-help = Rows that one and the same repair brings into the registry, the largest group first. A row with several faults stands in several groups.
page-no-rejects = No row was rejected.
page-all-groups = All groups, with every row
page-all-rows = All refused rows, in the order of the ledgers
page-every-row = Every row of this group
page-files-refused = Files and sheets that could not be loaded
page-warnings = Warnings on loaded rows
page-readings = How serials were converted: tables and readings in force
page-table = Table
page-script = Script
page-language-word = Language
page-reading = Reading
page-serials = Serials
page-duplicates = Duplicates
page-duplicates-help = Merged pairs have one complete identity and nothing contradicts; every other likeness is for a person to decide.
page-merged = merged
page-review = to be decided
page-kind = Kind
page-pairs = Pairs
page-first-pairs = The first pairs
page-entry = Entry
page-other-entry = Other entry
page-why = Why
page-conflicts = Contradictions
page-conflicts-help = The same weapon with different facts: nothing is merged until a person says which is right.
page-field = Field
page-one-says = One says
page-other-says = The other says
page-dropped = Characters removed from serials, by the rule that names them
page-left-aside = Files left aside
page-why-aside = Why
page-evidence = Evidence
page-chain-help = Head of the chain of evidence. Keep it outside the registry: matricule audit --expect HEAD proves later that nothing was changed.
page-no-chain = Nothing was published, so there is no chain head.
page-charts = At a glance
page-chart-causes = Rejected rows by cause
page-chart-scripts = Serials by script
page-chart-years = Weapons by decade of manufacture
page-chart-fields = Records that state a field
page-completeness-help = The mean completeness of the loaded records of each ledger, the least complete first: the share of the required and recommended fields that a record states.
page-records = Records
page-completeness-word = Completeness
page-unstated = No record states:
page-chart-data = The numbers of this chart
page-others = others
page-filter = Show only rows that contain
page-filter-shown = rows shown
page-previous = Previous page
page-next = Next page
page-pages = Pages
page-scan = Page scan
page-faults = What is wrong, and what to do
page-from = From
page-to = To
page-when = Where
page-source = Source
page-note = Note
page-code-points = Code points
page-table-help = Rows of all layers, the lowest first: a later row overrides an earlier one with the same characters and place.
page-codes-help = The manual page of every code, as matricule explain prints it.
page-whole-file = whole file
page-extent = { $rows } in { $files }
page-of = page { $number } of { $pages }

## rejected.xlsx

workbook-guide-sheet = Read me
workbook-files-sheet = Files
workbook-file = File
workbook-sheet = Sheet
workbook-row = Row
workbook-codes = Codes
workbook-messages = What is wrong
workbook-suggestion = What to do
workbook-proposal = Suggested value
workbook-action = Action
workbook-action-help = Choose one of: correct, accept suggestion, waive, leave.
workbook-note = Note (who says so, why)
workbook-sha256 = SHA-256 of the file
workbook-digest = SHA-256 of the row
workbook-cut = … (cut here; rejected.csv has the whole text)
workbook-guide-1 = Rows that were refused, and how to feed them back
workbook-guide-2 = Each sheet holds the rows of ledgers with the same columns. The ledger's own cells stand first, as text; a cell with something wrong is coloured. Then follow where the row stands, what is wrong and what to do.
workbook-guide-3 = The green columns are yours; everything else is locked.
workbook-guide-4 = To repair a row, write the right value into the column `corrected: …` of its header. Only what you write is changed; an empty cell means: as the ledger has it. The word (empty) means: the cell holds nothing. The action `correct` is understood where you wrote a value and no action.
workbook-guide-5 = Action `accept suggestion`: take the value in the column `Suggested value`.
workbook-guide-6 = Action `waive`: this row is not to be loaded; write why into the note.
workbook-guide-7 = Action `leave`, or nothing: not decided yet.
workbook-guide-8 = Personal data are masked unless they are what is wrong; convert with --unmask to see them.
workbook-guide-9 = Save the workbook, then: matricule rejects import rejected.xlsx --registry registry.db --operator NAME
workbook-guide-10 = The file may be half filled, sorted, its columns moved, or saved by another spreadsheet program. It may be imported again: a row that was repaired stays repaired.
workbook-guide-11 = Do not change the hidden columns and the hidden first row: they say which row of which ledger a line is.
workbook-corrected = corrected: { $header }

## rejects export, import, fix

fix-no-character = no open refused row has { $code } for { $point }
fix-no-mixed = no open refused row of { $ledger } has T302 with such a reading
rejects-exported = { $rows } refused rows and files are written to { $folder }: open rejected.xlsx to repair them, report.html to look at them.
fix-no-repair = `{ $code }` has no repair for many rows; use rejects import for them
fix-needs-character = give --character, --map and --mappings, as in `matricule rejects fix --help`
fix-needs-fold = give --ledger and --fold, as in `matricule rejects fix --help`
fix-needs-language = give --ledger and --language, as in `matricule rejects fix --help`
fix-written = Written into { $file }: { $row }
fix-letters = letters as meant
fix-apply = To do it: the same command with --apply --operator NAME.
fix-profile = The profile to keep beside the ledger (ledger.toml):
import-done = { $loaded } rows loaded, { $waived } waived, { $refused } still refused, { $known } decided before, { $left } without a decision, { $faults } lines not followed.
import-refused = Refused as corrected, too (they stay open):
import-faults = Lines that were not followed (matricule explain CODE):
import-applied = Done as run { $run }; chain head { $chain }.
import-nothing = Nothing was changed.

## Names of scripts (ISO 15924)

script-Arab = Arabic
script-Armn = Armenian
script-Beng = Bengali
script-Cyrl = Cyrillic
script-Deva = Devanagari
script-Ethi = Ethiopic
script-Geor = Georgian
script-Grek = Greek
script-Gujr = Gujarati
script-Guru = Gurmukhi
script-Hang = Korean letters
script-Hani = Han signs
script-Hebr = Hebrew
script-Hira = Hiragana
script-Jpan = Japanese
script-Kana = Katakana
script-Khmr = Khmer
script-Knda = Kannada
script-Kore = Korean
script-Laoo = Lao
script-Latn = Latin
script-Mlym = Malayalam
script-Mymr = Burmese
script-Orya = Oriya
script-Sinh = Sinhala
script-Taml = Tamil
script-Telu = Telugu
script-Thai = Thai
script-Tibt = Tibetan
script-Zyyy = Digits only

## Names of languages (ISO 639-1)

language-am = Amharic
language-ar = Arabic
language-be = Belarusian
language-bg = Bulgarian
language-bn = Bengali
language-bo = Tibetan
language-de = German
language-el = Greek
language-en = English
language-es = Spanish
language-fa = Persian
language-fr = French
language-gu = Gujarati
language-he = Hebrew
language-hi = Hindi
language-hy = Armenian
language-ja = Japanese
language-ka = Georgian
language-kk = Kazakh
language-km = Khmer
language-kn = Kannada
language-ko = Korean
language-lo = Lao
language-mk = Macedonian
language-ml = Malayalam
language-my = Burmese
language-or = Oriya
language-pa = Punjabi
language-ps = Pashto
language-pt = Portuguese
language-ru = Russian
language-si = Sinhala
language-sr = Serbian
language-ta = Tamil
language-te = Telugu
language-th = Thai
language-ti = Tigrinya
language-uk = Ukrainian
language-ur = Urdu
language-zh = Chinese

## Names of fields, in charts and lists; messages name a field as profiles write it

field-serial = serial
field-component = component
field-series-mark = series mark
field-make = make
field-model = model
field-type = type
field-calibre = calibre
field-chamber-length = chamber length
field-country-of-manufacture = country of manufacture
field-year-of-manufacture = year of manufacture
field-import-country = import country
field-import-year = import year
field-import-mark = import mark
field-barrel-serial = barrel serial
field-slide-serial = slide serial
field-bolt-serial = bolt serial
field-cylinder-serial = cylinder serial
field-other-mark = other mark
field-owner-mark = owner mark
field-marking-condition = marking condition
field-register = register
field-holder = holder
field-holder-id = holder id
field-holder-address = holder address
field-received-from = received from
field-received-on = received on
field-issued-to = issued to
field-issued-on = issued on
field-document = document
field-licence-number = licence number
field-unit = unit
field-status = status
field-status-date = status date
field-registered-on = registered on
field-history = history
field-book = book
field-page = page
field-line = line
field-scan = scan
field-remarks = remarks
field-confidence = confidence

## First builds that were cut off

resume-nothing = --resume: no build of these ledgers with these options and mapping files was left behind; it begins from the start.
resume-others = Builds from other ledgers, options or mapping files were left behind, and are kept until there is a registry: { $files }.
resume-registry = --resume: { $registry } is there already, so there is no first build to go on with; what is new is added to it.
resume-merged = --resume: a build that takes another registry over is not made in parts; it begins from the start.
build-removed = { $file } was left behind by a first build. { $registry } is there now, so that nothing can go on with it: it is removed.
