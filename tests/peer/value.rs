//! Values of field tables: read from a program's text, printed, and carried as octets.
//!
//! In text a value that is not a plain string, whole number (32 bits), truth value, array or table
//! is led by AMQP's own letter for its type: `l:5`, `s:5`, `d:1.5`, `D:2:150`, `T:1700000000`.

use std::fmt::Write as _;

/// One value with its type on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Bool(bool),
    /// Any whole number: its letter and itself.
    Whole(char, i128),
    Float(u32),
    Double(u64),
    Decimal(u8, u32),
    Text(Vec<u8>),
    Octets(Vec<u8>),
    Array(Vec<Self>),
    Table(Table),
    Void,
}

/// A table in the order of the wire.
pub(crate) type Table = Vec<(Vec<u8>, Value)>;

/// How many octets a whole number of this letter takes, and whether it has a sign.
fn width(letter: char) -> Option<(usize, bool)> {
    Some(match letter {
        'b' => (1, true),
        'B' => (1, false),
        's' => (2, true),
        'u' => (2, false),
        'I' => (4, true),
        'i' => (4, false),
        'l' => (8, true),
        'T' => (8, false),
        _ => return None,
    })
}

// ---- octets -------------------------------------------------------------------------------

/// Writes a table with its length before it.
pub(crate) fn write_table(out: &mut Vec<u8>, table: &Table) {
    let start = out.len();
    out.extend([0; 4]);
    for (name, value) in table {
        out.push(u8::try_from(name.len()).expect("a field's name is short"));
        out.extend(name);
        write_value(out, value);
    }
    fix_length(out, start);
}

fn fix_length(out: &mut [u8], start: usize) {
    let length = u32::try_from(out.len() - start - 4).expect("a table is smaller than 4 GB");
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    let long = |out: &mut Vec<u8>, letter: u8, octets: &[u8]| {
        out.push(letter);
        out.extend((octets.len() as u32).to_be_bytes());
        out.extend(octets);
    };
    match value {
        Value::Bool(yes) => out.extend([b't', u8::from(*yes)]),
        Value::Whole(letter, number) => {
            out.push(*letter as u8);
            let (size, _) = width(*letter).expect("made with a known letter");
            out.extend(&number.to_be_bytes()[16 - size..]);
        }
        Value::Float(bits) => {
            out.push(b'f');
            out.extend(bits.to_be_bytes());
        }
        Value::Double(bits) => {
            out.push(b'd');
            out.extend(bits.to_be_bytes());
        }
        Value::Decimal(scale, number) => {
            out.extend([b'D', *scale]);
            out.extend(number.to_be_bytes());
        }
        Value::Text(text) => long(out, b'S', text),
        Value::Octets(octets) => long(out, b'x', octets),
        Value::Array(values) => {
            out.push(b'A');
            let start = out.len();
            out.extend([0; 4]);
            for value in values {
                write_value(out, value);
            }
            fix_length(out, start);
        }
        Value::Table(table) => {
            out.push(b'F');
            write_table(out, table);
        }
        Value::Void => out.push(b'V'),
    }
}

/// Octets still to be read. Reading past the end gives nothing.
pub(crate) struct Octets<'a>(pub(crate) &'a [u8]);

impl<'a> Octets<'a> {
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    pub(crate) fn number(&mut self, size: usize) -> Option<u64> {
        let octets = self.take(size)?;
        Some(
            octets
                .iter()
                .fold(0, |sum, octet| sum << 8 | u64::from(*octet)),
        )
    }

    pub(crate) fn short_string(&mut self) -> Option<&'a [u8]> {
        let length = self.number(1)? as usize;
        self.take(length)
    }

    pub(crate) fn long_string(&mut self) -> Option<&'a [u8]> {
        let length = self.number(4)? as usize;
        self.take(length)
    }

    pub(crate) fn table(&mut self) -> Option<Table> {
        let mut inside = Octets(self.long_string()?);
        let mut table = Table::new();
        while !inside.0.is_empty() {
            table.push((inside.short_string()?.to_vec(), inside.value()?));
        }
        Some(table)
    }

    fn value(&mut self) -> Option<Value> {
        let letter = self.number(1)? as u8 as char;
        if let Some((size, signed)) = width(letter) {
            let number = self.number(size)?;
            let shift = 64 - 8 * size as u32;
            let number = if signed {
                i128::from((number << shift) as i64 >> shift)
            } else {
                i128::from(number)
            };
            return Some(Value::Whole(letter, number));
        }
        Some(match letter {
            't' => Value::Bool(self.number(1)? != 0),
            'f' => Value::Float(self.number(4)? as u32),
            'd' => Value::Double(self.number(8)?),
            'D' => Value::Decimal(self.number(1)? as u8, self.number(4)? as u32),
            'S' => Value::Text(self.long_string()?.to_vec()),
            'x' => Value::Octets(self.long_string()?.to_vec()),
            'A' => {
                let mut inside = Octets(self.long_string()?);
                let mut values = Vec::new();
                while !inside.0.is_empty() {
                    values.push(inside.value()?);
                }
                Value::Array(values)
            }
            'F' => Value::Table(self.table()?),
            'V' => Value::Void,
            _ => return None,
        })
    }
}

// ---- text ---------------------------------------------------------------------------------

/// Prints a string in quotes; what is not plain text is escaped, a long run of one octet is short.
pub(crate) fn quote(octets: &[u8]) -> String {
    if octets.len() > 100 && octets.iter().all(|octet| *octet == octets[0]) {
        return format!("{}*{}", quote(&octets[..1]), octets.len());
    }
    let mut text = String::from("\"");
    for chunk in octets.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '"' | '\\' => text.extend(['\\', letter]),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                letter if letter.is_control() => {
                    let mut buffer = [0; 4];
                    for octet in letter.encode_utf8(&mut buffer).bytes() {
                        let _ = write!(text, "\\x{octet:02x}");
                    }
                }
                letter => text.push(letter),
            }
        }
        for octet in chunk.invalid() {
            let _ = write!(text, "\\x{octet:02x}");
        }
    }
    text.push('"');
    text
}

/// Prints a string bare when it is a plain word, else in quotes.
pub(crate) fn word(octets: &[u8]) -> String {
    let plain = |octet: &u8| octet.is_ascii_alphanumeric() || b"._-#*<>".contains(octet);
    if !octets.is_empty() && octets.len() <= 100 && octets.iter().all(plain) {
        String::from_utf8_lossy(octets).into_owned()
    } else {
        quote(octets)
    }
}

/// Prints a table.
pub(crate) fn print_table(table: &Table) -> String {
    let entries: Vec<String> = table
        .iter()
        .map(|(name, value)| format!("{}={}", word(name), print(value)))
        .collect();
    format!("{{{}}}", entries.join(", "))
}

/// Prints a value as it is read.
pub(crate) fn print(value: &Value) -> String {
    match value {
        Value::Bool(yes) => yes.to_string(),
        Value::Whole('I', number) => number.to_string(),
        Value::Whole(letter, number) => format!("{letter}:{number}"),
        Value::Float(bits) => format!("f:{}", f32::from_bits(*bits)),
        Value::Double(bits) => format!("d:{}", f64::from_bits(*bits)),
        Value::Decimal(scale, number) => format!("D:{scale}:{number}"),
        Value::Text(text) => quote(text),
        Value::Octets(octets) => format!("x:{}", quote(octets)),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(print).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) => print_table(table),
        Value::Void => "void".to_owned(),
    }
}

/// A place in a line of text.
pub(crate) struct Cursor<'a> {
    rest: &'a str,
}

type Read<T> = Result<T, String>;

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    pub(crate) fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(crate) fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest.is_empty()
    }

    /// Steps over the text if it is next.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A string, bare or in quotes; in quotes with a `*N` behind it, repeated.
    pub(crate) fn string(&mut self) -> Read<Vec<u8>> {
        if !self.rest.starts_with('"') {
            let end = |letter: char| letter.is_whitespace() || ",={}[]\"".contains(letter);
            let length = self.rest.find(end).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(length);
            self.rest = rest;
            return Ok(word.as_bytes().to_vec());
        }
        let text = self.quoted()?;
        if self.eat("*") {
            let count = self.string()?;
            let count = String::from_utf8_lossy(&count).parse::<usize>();
            return count
                .map(|count| text.repeat(count))
                .map_err(|error| format!("how often? {error}"));
        }
        Ok(text)
    }

    /// A word up to the next blank, or one in quotes.
    pub(crate) fn word(&mut self) -> Read<Vec<u8>> {
        if self.rest.starts_with('"') {
            return self.quoted();
        }
        let length = self.rest.find(char::is_whitespace);
        let (word, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        self.rest = rest;
        Ok(word.as_bytes().to_vec())
    }

    fn quoted(&mut self) -> Read<Vec<u8>> {
        let octets = self.rest.as_bytes();
        let mut text = Vec::new();
        let mut at = 1;
        loop {
            let octet = *octets.get(at).ok_or("a string has no end")?;
            at += 1;
            match octet {
                b'"' => break,
                b'\\' => {
                    let escaped = *octets.get(at).ok_or("a string has no end")?;
                    at += 1;
                    match escaped {
                        b'n' => text.push(b'\n'),
                        b'r' => text.push(b'\r'),
                        b'x' => {
                            let digits = self.rest.get(at..at + 2).ok_or("\\x wants two digits")?;
                            let octet = u8::from_str_radix(digits, 16);
                            text.push(octet.map_err(|error| error.to_string())?);
                            at += 2;
                        }
                        other => text.push(other),
                    }
                }
                other => text.push(other),
            }
        }
        self.rest = &self.rest[at..];
        Ok(text)
    }

    /// A table in braces.
    pub(crate) fn table(&mut self) -> Read<Table> {
        if !self.eat("{") {
            return Err(format!("a table starts with a brace: {}", self.rest));
        }
        let mut table = Table::new();
        loop {
            self.skip_blanks();
            if self.eat("}") {
                return Ok(table);
            }
            let name = self.string()?;
            if !self.eat("=") {
                return Err(format!("a field is name=value: {}", self.rest));
            }
            table.push((name, self.value()?));
            self.skip_blanks();
            if !self.eat(",") && !self.rest.starts_with('}') {
                return Err(format!("fields are parted by commas: {}", self.rest));
            }
        }
    }

    fn value(&mut self) -> Read<Value> {
        self.skip_blanks();
        match self.rest.chars().next() {
            Some('{') => return self.table().map(Value::Table),
            Some('"') => return self.string().map(Value::Text),
            Some('[') => return self.array(),
            _ => {}
        }
        let mut letters = self.rest.chars();
        if let (Some(letter), Some(':')) = (letters.next(), letters.next()) {
            self.rest = letters.as_str();
            return self.lettered(letter);
        }
        let word = self.string()?;
        let word = String::from_utf8_lossy(&word).into_owned();
        Ok(match word.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "void" => Value::Void,
            _ => match word.parse::<i32>() {
                Ok(number) => Value::Whole('I', number.into()),
                Err(_) => Value::Text(word.into_bytes()),
            },
        })
    }

    fn array(&mut self) -> Read<Value> {
        self.eat("[");
        let mut values = Vec::new();
        loop {
            self.skip_blanks();
            if self.eat("]") {
                return Ok(Value::Array(values));
            }
            values.push(self.value()?);
            self.skip_blanks();
            if !self.eat(",") && !self.rest.starts_with(']') {
                return Err(format!("values are parted by commas: {}", self.rest));
            }
        }
    }

    fn lettered(&mut self, letter: char) -> Read<Value> {
        let octets = self.string()?;
        let word = String::from_utf8_lossy(&octets).into_owned();
        let bad = |error: &dyn std::fmt::Display| format!("{letter}:{word}: {error}");
        if width(letter).is_some() {
            let number = word.parse().map_err(|error| bad(&error))?;
            return Ok(Value::Whole(letter, number));
        }
        match letter {
            'S' => Ok(Value::Text(octets)),
            'x' => Ok(Value::Octets(octets)),
            'f' => {
                let number: f32 = word.parse().map_err(|error| bad(&error))?;
                Ok(Value::Float(number.to_bits()))
            }
            'd' => {
                let number: f64 = word.parse().map_err(|error| bad(&error))?;
                Ok(Value::Double(number.to_bits()))
            }
            'D' => {
                let (scale, number) = word.split_once(':').ok_or("D:scale:number")?;
                let scale = scale.parse().map_err(|error| bad(&error))?;
                let number: i32 = number.parse().map_err(|error| bad(&error))?;
                Ok(Value::Decimal(scale, number as u32))
            }
            _ => Err(format!("no type is called {letter}")),
        }
    }
}
