//! Whether the values of the cells of an xlsx are written so that all readers see the same: the workbook library takes
//! the first piece of a `<v>`, and 0 for an index that it does not understand, which is another serial.
//!
//! It looks at the bytes as they come, in pieces of any size, and knows no more of XML than it needs.

/// Bytes of a tag that are looked at; those of a cell are shorter.
const TAG_BYTES: usize = 512;
/// Bytes of a value that are shown.
const SHOWN_BYTES: usize = 40;
/// Digits of an index at most.
const INDEX_DIGITS: usize = 9;

/// What a cell says that its value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// The place of a shared text.
    Index,
    /// A number, a truth value or an error, or not said.
    #[default]
    Plain,
    /// A text in the cell itself, which may have signs that are written by name.
    Text,
    /// A text in another element; the value is not read.
    Inline,
}

/// Where the bytes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Text,
    Tag,
    /// In a comment or the like, which ends with these bytes.
    Aside(&'static [u8]),
}

/// The values of a sheet while its bytes go by.
#[derive(Default)]
pub(super) struct PlainValues {
    place: Place,
    tag: Vec<u8>,
    /// The last bytes of what stands aside.
    end: [u8; 3],
    kind: Kind,
    /// The value that is open, as far as it is shown, and its length.
    value: Option<(Vec<u8>, usize)>,
    /// How many values the open cell has, and whether one of them says something where only an inline text is read.
    values: usize,
    is_unread: bool,
    /// The first value that is not plain.
    fault: Option<String>,
}

impl PlainValues {
    /// The first value that readers may take for another one.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Takes the next bytes of the sheet.
    pub fn take(&mut self, mut bytes: &[u8]) {
        while self.fault.is_none() && !bytes.is_empty() {
            bytes = match self.place {
                Place::Text => self.text(bytes),
                Place::Tag => self.tag(bytes),
                Place::Aside(end) => self.aside(bytes, end),
            };
        }
    }

    fn text<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = memchr::memchr(b'<', bytes).unwrap_or(bytes.len());
        if self.value.is_some() {
            self.value_bytes(&bytes[..end]);
        }
        if end < bytes.len() {
            self.place = Place::Tag;
            self.tag.clear();
        }
        bytes.get(end + 1..).unwrap_or_default()
    }

    fn tag<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = memchr::memchr(b'>', bytes).unwrap_or(bytes.len());
        // Most tags come whole.
        if self.tag.is_empty() && end < bytes.len() && aside_end(&bytes[..end]).is_none() {
            self.place = Place::Text;
            self.end_tag(&bytes[..end.min(TAG_BYTES)]);
            return &bytes[end + 1..];
        }
        let room = TAG_BYTES.saturating_sub(self.tag.len());
        self.tag.extend_from_slice(&bytes[..end.min(room)]);
        // What stands aside may hold `>`.
        if let Some(end) = aside_end(&self.tag) {
            self.refuse_if_open();
            self.end = [0; 3];
            // It is looked through from its own beginning: `<!-->` is none of its ends.
            self.place = Place::Aside(end);
            return bytes;
        }
        if end < bytes.len() {
            self.place = Place::Text;
            let tag = std::mem::take(&mut self.tag);
            self.end_tag(&tag);
            self.tag = tag;
        }
        bytes.get(end + 1..).unwrap_or_default()
    }

    fn aside<'a>(&mut self, bytes: &'a [u8], end: &[u8]) -> &'a [u8] {
        for (at, &byte) in bytes.iter().enumerate() {
            self.end = [self.end[1], self.end[2], byte];
            if self.end.ends_with(end) {
                self.place = Place::Text;
                return &bytes[at + 1..];
            }
        }
        &[]
    }

    fn end_tag(&mut self, tag: &[u8]) {
        let name =
            tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').find(|name| !name.is_empty());
        let name = name.unwrap_or_default();
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
        match (tag.first() == Some(&b'/'), local) {
            (true, b"v") => self.end_value(),
            (_, _) if self.value.is_some() => self.refuse_if_open(),
            (false, b"c") => {
                (self.values, self.is_unread) = (0, false);
                self.kind = kind(tag);
            }
            (true, b"c") if self.is_unread || self.values > 1 => {
                self.refuse(b"a value that is not read");
            }
            (false, b"is") => self.is_unread = false,
            (false, b"v") => {
                self.values += 1;
                if tag.last() != Some(&b'/') {
                    self.value = Some((Vec::new(), 0));
                }
            }
            _ => {}
        }
    }

    fn value_bytes(&mut self, bytes: &[u8]) {
        let (kind, Some((shown, length))) = (self.kind, &mut self.value) else { return };
        let room = SHOWN_BYTES.saturating_sub(shown.len());
        shown.extend_from_slice(&bytes[..bytes.len().min(room)]);
        *length += bytes.len();
        let is_plain = match kind {
            Kind::Index => bytes.iter().all(u8::is_ascii_digit) && *length <= INDEX_DIGITS,
            Kind::Plain => memchr::memchr(b'&', bytes).is_none(),
            Kind::Text | Kind::Inline => true,
        };
        if !is_plain {
            self.refuse_if_open();
        }
    }

    fn end_value(&mut self) {
        let Some((_, length)) = self.value.take() else { return };
        self.is_unread |= self.kind == Kind::Inline && length > 0;
    }

    fn refuse_if_open(&mut self) {
        if let Some((shown, _)) = self.value.take() {
            self.refuse(&shown);
        }
    }

    fn refuse(&mut self, shown: &[u8]) {
        self.fault.get_or_insert_with(|| String::from_utf8_lossy(shown).into_owned());
    }
}

/// The end of a comment, of text as it is, or of an instruction that begins so.
fn aside_end(tag: &[u8]) -> Option<&'static [u8]> {
    const ASIDE: [(&[u8], &[u8]); 3] = [(b"!--", b"-->"), (b"![CDATA[", b"]]>"), (b"?", b"?>")];
    if !tag.starts_with(b"!") && !tag.starts_with(b"?") {
        return None;
    }
    ASIDE.into_iter().find(|(begin, _)| tag.starts_with(begin)).map(|(_, end)| end)
}

/// What a cell says that its value is, by its attribute `t`.
fn kind(tag: &[u8]) -> Kind {
    let at = tag.windows(3).position(|bytes| bytes[0].is_ascii_whitespace() && &bytes[1..] == b"t=");
    let value = at.and_then(|at| tag.get(at + 4..)).unwrap_or_default();
    let end = value.iter().position(|byte| matches!(byte, b'"' | b'\'')).unwrap_or(value.len());
    match &value[..end] {
        b"s" => Kind::Index,
        b"str" | b"d" => Kind::Text,
        b"inlineStr" | b"is" => Kind::Inline,
        _ => Kind::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &str, expect: Option<&str>) {
        for piece in [1, 7, 1 << 16] {
            let mut values = PlainValues::default();
            cells.as_bytes().chunks(piece).for_each(|bytes| values.take(bytes));
            assert_eq!(values.fault().is_some(), expect.is_some(), "{cells} by {piece}");
            assert!(piece < cells.len() || values.fault() == expect, "{cells}: {:?}", values.fault());
        }
    }

    #[test]
    fn values_that_readers_see_otherwise_are_found() {
        for (cells, expect) in [
            (r#"<c r="A1" t="s"><v>12</v></c><c r="B1"><v>1.5E-7</v></c><c r="C1"/><c><v/></c>"#, None),
            (r#"<x:c r="A1" t='s'><x:v xml:space="preserve">12</x:v></x:c>"#, None),
            (r#"<c t="str"><f>A1</f><v>a &amp; b</v></c><c t="inlineStr"><is><t>a&#49;</t></is></c>"#, None),
            (r#"<c t="s"><v> 2 </v></c>"#, Some(" 2 ")),
            (r#"<c t="s"><v>3.0</v></c>"#, Some("3.0")),
            (r#"<c t="s"><v>99999999999999999999</v></c>"#, Some("99999999999999999999")),
            (r#"<c t="s"><v>1<!-- > -->1</v></c>"#, Some("1")),
            ("<c><v>12<!-- -->34</v></c>", Some("12")),
            ("<c><v>12&#51;4</v></c>", Some("12&#51;4")),
            (r#"<c t="str"><v><![CDATA[stolen]]></v></c>"#, Some("")),
            ("<c><v>12<?x?>3</v></c>", Some("12")),
            ("<c><v>1<b/>2</v></c>", Some("1")),
            ("<c><v>1</v><v>2</v></c>", Some("a value that is not read")),
            (r#"<c t="inlineStr"><v>AB 1</v></c>"#, Some("a value that is not read")),
            (r#"<c t="inlineStr"><v>AB 1</v><is><t>AB 1</t></is></c>"#, None),
            ("<!-- <c><v>1&2</v></c> --><c><v>3</v></c><?a > <v>&?>", None),
        ] {
            check(cells, expect);
        }
    }
}
