//! Reading the elementary types of the protocol from octets that have come whole.
//!
//! Source: AMQP 0-9-1, 4.2.5. Deliberately not here: waiting for more octets (`frame`), and what the
//! values mean.

/// Octets that do not say what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// They end too early, or go on where they should end. RabbitMQ answers 501 for a method.
    Length,
    /// A field table holds a type that nobody knows. RabbitMQ drops the connection without a word.
    FieldType(u8),
    /// Tables stand inside tables, deeper than anybody means it.
    TooDeep,
}

/// What is still to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads `octets` from their beginning.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    /// What is left.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// The next `count` octets.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed::Length)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next `N` octets.
    ///
    /// # Errors
    /// When there are fewer.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed::Length)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// An octet.
    ///
    /// # Errors
    /// When there is none.
    pub fn octet(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[octet]| octet)
    }

    /// A short: two octets.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn short(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    /// A long: four octets.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn long(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    /// A long-long: eight octets.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn long_long(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// A short string: its length in one octet, then so many octets.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn short_string(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.octet()?;
        self.take(usize::from(length))
    }

    /// A long string: its length in four octets, then so many octets. Field tables look like it too.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn long_string(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.long()?;
        self.take(usize::try_from(length).map_err(|_| Malformed::Length)?)
    }

    /// That everything has been read.
    ///
    /// # Errors
    /// When something is left.
    pub const fn end(&self) -> Result<(), Malformed> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Malformed::Length)
        }
    }
}
